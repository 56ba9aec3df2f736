import type { Caller } from '../domain/caller.ts';
import type { ExistingClaim } from '../domain/release-claims.ts';

/** PersistentVolumeClaims, as far as deleting a release with its data needs them. */
export interface Claims {
  list(namespace: string): Promise<ExistingClaim[]>;
  /** Removes a claim as the caller, null is Walm itself; nothing happens when there is none. @throws ProblemError FORBIDDEN */
  remove(namespace: string, name: string, caller: Caller | null): Promise<void>;
}
