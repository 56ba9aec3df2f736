import type { Caller } from '../../domain/access/caller.ts';
import type { SealFacts } from '../../domain/seals/record-seal.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';

/**
 * What is sealed of a change beside the revision: in whose name it is made (null: Walm itself), what it is, and since
 * when (RFC 3339) they want it so, where that is not now.
 */
export type SealedChange = { by: Caller | null; operation: string; since?: string };

/** Makes the seals of recorded revisions, and judges those that records carry. */
export interface RecordSeals {
  /**
   * The seal of a revision that is about to be written.
   * @throws ProblemError NAMESPACE_NOT_FOUND, SEAL_KEY_INVALID, CLUSTER_UNREACHABLE
   */
  make(facts: SealFacts, change: SealedChange): Promise<string>;
  /** What the seal of a revision says that was read before the call. Throws like `make`. */
  judge(text: string, facts: SealFacts): Promise<SealState>;
}
