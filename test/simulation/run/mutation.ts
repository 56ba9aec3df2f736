import type { Patch } from './patch.ts';

/** A fault that somebody could put into the sources by mistake. */
export interface Mutation {
  /** What is wrong then, as a sentence. */
  fault: string;
  patch: Patch;
  /** A seed that finds it; absent: none is known yet. */
  seed?: number;
}
