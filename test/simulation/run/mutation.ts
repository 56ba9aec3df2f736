import type { Patch } from './patch.ts';

/** A fault that somebody could put into the sources, and a seed that finds it. */
export interface Mutation {
  /** What is wrong then, as a sentence. */
  fault: string;
  patch: Patch;
  seed: number;
}
