import { run } from '../execute/run-things.ts';

export const carried = run;
