import { shareOf } from '../../domain/access/sharer.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { KnownArchives } from './known-archives.ts';

export type KeepArchiveDeps = { folder: ChartFolder; archives: ChartArchiveStore; known: KnownArchives };

export type RestoreArchiveDeps = Omit<KeepArchiveDeps, 'known'> & {
  /** Namespace for archives of releases whose own namespace does not exist yet. */
  stagingNamespace: string;
};

/** The id of the task that an archive is stored or dropped for, `""` being none, and the identity that is used. */
export type ArchiveUser = { task: string; as: Caller | null };

/** Stores an archive of the chart folder beside the release made from it (decision 1: the archive is kept). */
export type KeepArchive = (namespace: string, digest: string, user: ArchiveUser) => Promise<void>;

export function createKeepArchive({ folder, archives, known }: KeepArchiveDeps): KeepArchive {
  return async function keepArchive(namespace, digest, { task, as }) {
    const bytes = await folder.read(digest);
    if (bytes === null) {
      throw notAtHand(namespace, digest);
    }
    await archives.put(namespace, { digest, bytes }, task, as);
    known.add(namespace, digest);
  };
}

/** Archives that are read out of the cluster at once: each is held in memory, the right one or not. */
const AT_ONCE = { all: 4, each: 2 };

/**
 * Ensures that an archive lies in the chart folder, restoring it from the cluster if necessary (the folder is a cache).
 * The digest has to be Walm's own knowledge: of a chart that the caller named, or of a sealed task.
 * @throws ProblemError CHART_NOT_RECORDED if the archive is nowhere
 */
export type RestoreArchive = (namespace: string, digest: string, as: Caller | null) => Promise<void>;

export function createRestoreArchive({ folder, archives, stagingNamespace }: RestoreArchiveDeps): RestoreArchive {
  const turns = createFairGate(AT_ONCE);

  return async function restoreArchive(namespace, digest, as) {
    if (!(await folder.has(digest))) {
      await turns.run(shareOf(as), () => restore(namespace, digest, as));
    }
  };

  async function restore(namespace: string, digest: string, as: Caller | null): Promise<void> {
    const bytes = (await archives.get(namespace, digest, as)) ?? (await archives.get(stagingNamespace, digest, null));
    if (bytes === null) {
      throw notAtHand(namespace, digest);
    }
    await folder.write(digest, bytes);
  }
}

/**
 * The same for an archive that a record names. A digest in a record proves nothing, because anyone who may edit the
 * namespace can write any, and the chart folder has the archives of all namespaces: the archive has to be kept in this
 * namespace, where the caller can read it.
 * @throws ProblemError CHART_NOT_RECORDED if it is not kept there
 */
export function createRestoreRecorded({ folder, archives, known }: KeepArchiveDeps): RestoreArchive {
  const turns = createFairGate(AT_ONCE);

  return async function restoreRecorded(namespace, digest, as) {
    if (!known.has(namespace, digest) || !(await folder.has(digest))) {
      await turns.run(shareOf(as), () => restore(namespace, digest, as));
    }
  };

  async function restore(namespace: string, digest: string, as: Caller | null): Promise<void> {
    const bytes = await archives.get(namespace, digest, as);
    if (bytes === null) {
      throw notAtHand(namespace, digest);
    }
    known.add(namespace, digest);
    await folder.write(digest, bytes);
  }
}

function notAtHand(namespace: string, digest: string) {
  return problem(
    'CHART_NOT_RECORDED',
    `the chart archive ${digest.slice(0, 12)} is neither in the chart folder nor kept in namespace ${namespace}: ` +
      'send the chart again',
    { digest },
  );
}
