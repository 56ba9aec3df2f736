import type { ExistingClaim } from '../../domain/release/release-claims.ts';
import type { Claims } from '../../ports/cluster/claims.ts';

/** Claims in memory, by namespace, as named by a test. */
export function createMemoryClaims(existing: Record<string, ExistingClaim[]> = {}): Claims {
  return {
    list: (namespace) => Promise.resolve(existing[namespace] ?? []),
    remove(namespace, name) {
      existing[namespace] = (existing[namespace] ?? []).filter((claim) => claim.name !== name);
      return Promise.resolve();
    },
  };
}
