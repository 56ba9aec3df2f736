import { wasApplied } from '../../../domain/revisions/applied-revision.ts';
import { isUnreadable } from '../../../domain/release/unreadable-record.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';

/**
 * The record of the applied revision of a release (decision 39: which outputs a dependent gets); null if none was ever
 * applied, or none can be read.
 */
export type FindDeployed = (key: ReleaseKey) => Promise<ReleaseRecord | null>;

export function createFindDeployed({ cache }: { cache: Pick<ReleaseCache, 'get'> }): FindDeployed {
  return async function findDeployed(key) {
    const record = await cache.get(key);
    return record !== undefined && wasApplied(record) && !isUnreadable(record) ? record : null;
  };
}
