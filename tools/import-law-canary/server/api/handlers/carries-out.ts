import { run } from '../../services/releases/execute/run-things.ts';

export const carried = run;
