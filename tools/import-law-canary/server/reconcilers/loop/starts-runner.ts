import { runner } from '../tasks/runner.ts';

export const started = runner;
