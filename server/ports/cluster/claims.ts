import type { Caller } from '../../domain/access/caller.ts';
import type { ExistingClaim } from '../../domain/release/release-claims.ts';

export interface ClaimReader {
  /** As the caller sees them, null is Walm itself. @throws ProblemError FORBIDDEN */
  list(namespace: string, caller: Caller | null): Promise<ExistingClaim[]>;
}

export interface ClaimWriter {
  /** Removes a claim as the caller, null is Walm itself; nothing happens when there is none. @throws ProblemError FORBIDDEN */
  remove(namespace: string, name: string, caller: Caller | null): Promise<void>;
}

/** PersistentVolumeClaims, as far as deleting a release with its data needs them. */
export interface Claims extends ClaimReader, ClaimWriter {}
