import type { Caller } from '../../domain/access/caller.ts';
import type { SealFacts } from '../../domain/seals/record-seal.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';

/**
 * What the seal of a change records besides the revision: whose change it is (null: Walm itself), its operation, and
 * since when (RFC 3339) the user wants the release so, if that is not now.
 */
export type SealedChange = { by: Caller | null; operation: string; since?: string };

/** Creates the seals of recorded revisions, and checks the seals in records. */
export interface RecordSeals {
  /**
   * The seal of a revision that is about to be written.
   * @throws ProblemError NAMESPACE_NOT_FOUND, SEAL_KEY_INVALID, CLUSTER_UNREACHABLE
   */
  make(facts: SealFacts, change: SealedChange): Promise<string>;
  /** Checks the seal of a revision that was read before the call. Throws like `make`. */
  judge(text: string, facts: SealFacts): Promise<SealState>;
}
