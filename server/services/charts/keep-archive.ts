import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';

export type KeepArchiveDeps = { folder: ChartFolder; archives: ChartArchiveStore };

export type RestoreArchiveDeps = KeepArchiveDeps & {
  /** Namespace that keeps archives of releases whose own does not exist yet. */
  stagingNamespace: string;
};

/** Keeps an archive that lies in the chart folder beside the release that is made from it (decision 1), as `as`. */
export type KeepArchive = (namespace: string, digest: string, as: Caller | null) => Promise<void>;

export function createKeepArchive({ folder, archives }: KeepArchiveDeps): KeepArchive {
  return async function keepArchive(namespace, digest, as) {
    const bytes = await folder.read(digest);
    if (bytes === null) {
      throw notAtHand(namespace, digest);
    }
    await archives.put(namespace, digest, bytes, as);
  };
}

/**
 * Sees to it that an archive lies in the chart folder, out of the cluster where it has been lost since (the folder is
 * a cache). @throws ProblemError CHART_NOT_RECORDED when it is nowhere
 */
export type RestoreArchive = (namespace: string, digest: string, as: Caller | null) => Promise<void>;

export function createRestoreArchive({ folder, archives, stagingNamespace }: RestoreArchiveDeps): RestoreArchive {
  return async function restoreArchive(namespace, digest, as) {
    if (await folder.has(digest)) {
      return;
    }
    const bytes = (await archives.get(namespace, digest, as)) ?? (await archives.get(stagingNamespace, digest, null));
    if (bytes === null) {
      throw notAtHand(namespace, digest);
    }
    await folder.write(digest, bytes);
  };
}

function notAtHand(namespace: string, digest: string) {
  return problem(
    'CHART_NOT_RECORDED',
    `the chart archive ${digest.slice(0, 12)} is neither in the chart folder nor kept in namespace ${namespace}: ` +
      'send the chart again',
    { digest },
  );
}
