import type { Emphasis } from './emphasis.ts';
import type { Patch } from './patch.ts';

/** A fault that a developer could introduce by mistake, or that an earlier version had. */
export interface Mutation {
  /** What is wrong then, as a sentence. */
  fault: string;
  patch: Patch;
  /** Why nothing wrong can happen with this fault alone, and which tests find it instead: no run looks for it. */
  covered?: string;
  /**
   * The kind of run that finds the fault in many of its seeds, whatever the steps of a single seed are after a change of
   * the product; CI looks for it. Absent: it is found too rarely, and only `FAULTS=all` looks for it.
   */
  under?: Emphasis;
}
