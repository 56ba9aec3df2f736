import type { Caller } from '../../domain/access/caller.ts';
import { type ArchiveUse, isYoung } from '../../domain/charts/archive-uses.ts';
import type { ChartArchiveStore, KeptArchive } from '../../ports/storage/chart-archive-store.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { isFinished, neededArchives } from '../../domain/tasks/task.ts';
import type { ArchiveUser } from './keep-archive.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type CollectArchivesDeps = {
  archives: ChartArchiveStore;
  /** Namespace for archives of releases whose own namespace does not exist yet. */
  stagingNamespace: string;
  store: Pick<TaskStore, 'unfinished' | 'find'>;
  clock: Clock;
};

/**
 * Removes an archive from a namespace if no stored revision of a release there and no unfinished task refers to it, and
 * no task that is not known here yet can.
 */
export type DropArchive = (namespace: string, digest: string, by: ArchiveUser) => Promise<void>;

export function createDropArchive(deps: CollectArchivesDeps): DropArchive {
  const { archives, clock, store } = deps;

  async function hasEnded({ task }: ArchiveUse): Promise<boolean> {
    const found = task === '' ? null : await store.find(task);
    return found !== null && isFinished(found.task);
  }

  return async function dropArchive(namespace, digest, by) {
    const found = await archives.find(namespace, digest, by.as);
    if (found === null) {
      return;
    }
    // A task that is not known here yet may need what was used lately, unless the use is one of those that are known.
    const others = found.uses.filter((use) => use.task !== by.task && isYoung(use, clock.now()));
    if ((await Promise.all(others.map(hasEnded))).every(Boolean)) {
      await dropUnneeded(deps, found, by);
    }
  };
}

/**
 * Removes an archive that no known task and no record needs. It was read before anything is asked, and goes only as it
 * was read: a change that stores or uses it meanwhile keeps it, even if this process stood still and leads no more.
 * Records are asked last: a task has written its own before it ends.
 */
async function dropUnneeded(
  { archives, store, stagingNamespace }: CollectArchivesDeps,
  archive: KeptArchive,
  by: ArchiveUser,
): Promise<void> {
  const { namespace, digest } = archive;
  const wanted = store
    .unfinished()
    .some(
      ({ task }) =>
        task.id !== by.task &&
        (task.namespace === namespace || namespace === stagingNamespace) &&
        neededArchives(task.order).includes(digest),
    );
  if (!wanted && !(await archives.isReferenced(namespace, digest, by.as))) {
    await archives.remove(archive, by.as);
  }
}

export type ClearingDeps = CollectArchivesDeps & {
  /**
   * The identity to impersonate when removing leftovers from a namespace, null being Walm itself; undefined: none, so
   * the leftovers stay.
   */
  actorIn: (namespace: string) => Promise<Caller | null | undefined>;
};

/**
 * Removes every archive that nothing refers to any more, as plain `helm` and interrupted operations leave them behind.
 * Archives beside releases are removed with the rights of a user who made a release there; if no such user has the
 * right, they stay.
 */
export type CollectArchives = (namespace?: string) => Promise<void>;

export function createCollectArchives(deps: ClearingDeps): CollectArchives {
  async function clear(archive: KeptArchive): Promise<void> {
    const { namespace } = archive;
    const as = namespace === deps.stagingNamespace ? null : await deps.actorIn(namespace);
    if (as === undefined) {
      return;
    }
    try {
      await dropUnneeded(deps, archive, { task: '', as });
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'FORBIDDEN')) {
        throw error;
      }
    }
  }

  return async function collectArchives(namespace) {
    // What was used lately is looked at again.
    for (const archive of await deps.archives.list(namespace)) {
      if (!archive.uses.some((use) => isYoung(use, deps.clock.now()))) {
        await clear(archive);
      }
    }
  };
}
