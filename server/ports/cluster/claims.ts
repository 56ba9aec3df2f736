import type { Caller } from '../../domain/access/caller.ts';
import type { ExistingClaim } from '../../domain/release/release-claims.ts';

export interface ClaimReader {
  /**
   * As the caller sees them, null being Walm itself.
   * @throws ProblemError FORBIDDEN
   */
  list(namespace: string, caller: Caller | null): Promise<ExistingClaim[]>;
}

/** `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing. */
export interface ClaimWriter<Pass extends readonly unknown[] = []> {
  /**
   * Deletes a claim as the caller, null being Walm itself; does nothing if there is none.
   * @throws ProblemError FORBIDDEN
   */
  remove(namespace: string, name: string, caller: Caller | null, ...pass: Pass): Promise<void>;
}

/** PersistentVolumeClaims, as needed to delete a release with its data. */
export interface Claims extends ClaimReader, ClaimWriter {}
