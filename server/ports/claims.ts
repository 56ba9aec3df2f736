import type { ExistingClaim } from '../domain/release-claims.ts';

/** PersistentVolumeClaims, as far as deleting a release with its data needs them. */
export interface Claims {
  list(namespace: string): Promise<ExistingClaim[]>;
  /** Removes a claim; nothing happens when there is none. */
  remove(namespace: string, name: string): Promise<void>;
}
