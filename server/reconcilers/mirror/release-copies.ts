import { isShown, shownMarks } from '../../domain/indexes/shown-marks.ts';
import { isUnreadable } from '../../domain/release/unreadable-record.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { readSharedRelease, sharedRelease } from '../../domain/mirror/shared-release.ts';
import type { RevisionName } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRecords } from '../../ports/helm/helm-records.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { EntrySeal } from '../../services/trust/entry-seal.ts';
import type { MaskManifests } from '../../services/history/mask-manifests.ts';
import { createBatchedReads } from '../releases/batched-reads.ts';
import type { Copy } from './mirror-source.ts';

export type ReleaseCopiesDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  records: Pick<HelmRecords, 'revisions'>;
  engine: Pick<HelmReader, 'getReleases'>;
  seal: () => Promise<EntrySeal>;
  maskManifests: MaskManifests;
  /** The version and options with which this process computes records. */
  maker: string;
};

const BATCH = 32;

/**
 * Returns the value that Redis has to hold for a release, given the present value. The manifest is read from Helm's
 * record, and therefore only if the present value is not already correct.
 */
export type ReleaseCopies = (key: ReleaseKey, stored: string | undefined) => Promise<Copy>;

export function createReleaseCopies({
  cache,
  records,
  engine,
  seal,
  maskManifests,
  maker,
}: ReleaseCopiesDeps): ReleaseCopies {
  const read = createBatchedReads((wanted: RevisionName[]) => engine.getReleases(wanted), BATCH);

  /** Null if Helm's record differs from the one in the cache: the cache will be updated soon. */
  async function manifestOf(record: ReleaseRecord): Promise<string | null> {
    if (isUnreadable(record)) {
      return '';
    }
    const release = await read({ ...parseReleaseKey(record.key), revision: record.revision });
    if (release === null || release.updated !== record.updated || release.status !== record.status) {
      return null;
    }
    const [shown = ''] = await maskManifests([release.manifest], record.masker, 'copies of releases');
    return shown;
  }

  return async function releaseCopies(key, stored) {
    const record = await cache.get(key);
    const marks = shownMarks(records.revisions(key));
    if (record === undefined) {
      return marks === null ? null : undefined;
    }
    if (marks === null || !isShown(record, marks)) {
      // One whose record says by its label that it was uninstalled, and is none: copies are of what can be read.
      return marks === null && isUnreadable(record) ? null : undefined;
    }
    const uid = marks.id;
    const entries = await seal();
    const write = (manifest: string) =>
      entries.seal(key, JSON.stringify(sharedRelease(record, { maker, uid, manifest })));
    const opened = stored === undefined ? null : entries.open(key, stored);
    const known = opened === null ? null : readSharedRelease(key, opened);
    if (known !== null && write(known.manifest) === stored) {
      return undefined;
    }
    const manifest = await manifestOf(record);
    const after = shownMarks(records.revisions(key));
    return manifest === null || after?.id !== uid ? undefined : write(manifest);
  };
}
