import type { Caller } from '../../domain/access/caller.ts';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { neededArchives } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type CollectArchivesDeps = {
  archives: ChartArchiveStore;
  /** Namespace for archives of releases whose own namespace does not exist yet. */
  stagingNamespace: string;
  store: Pick<TaskStore, 'unfinished'>;
  clock: Clock;
};

/**
 * Archives younger than this, in milliseconds, are not removed: the archive is stored before the task that needs it.
 */
export const YOUNG_ARCHIVE_MS = 10_000;

/**
 * Removes an archive from a namespace if no stored revision of a release there and no unfinished task refers to it;
 * `by` is the task that causes the removal, and whose identity is used.
 */
export type DropArchive = (namespace: string, digest: string, by: { task: string; as: Caller | null }) => Promise<void>;

export function createDropArchive({ archives, stagingNamespace, store }: CollectArchivesDeps): DropArchive {
  return async function dropArchive(namespace, digest, by) {
    const wanted = store
      .unfinished()
      .some(
        ({ task }) =>
          task.id !== by.task &&
          (task.namespace === namespace || namespace === stagingNamespace) &&
          neededArchives(task.order).includes(digest),
      );
    if (!wanted && !(await archives.isReferenced(namespace, digest, by.as))) {
      await archives.remove(namespace, digest, by.as);
    }
  };
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
  const dropArchive = createDropArchive(deps);

  async function clear(namespace: string, digest: string): Promise<void> {
    const as = namespace === deps.stagingNamespace ? null : await deps.actorIn(namespace);
    if (as === undefined) {
      return;
    }
    try {
      await dropArchive(namespace, digest, { task: '', as });
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'FORBIDDEN')) {
        throw error;
      }
    }
  }

  return async function collectArchives(namespace) {
    for (const { namespace: at, digest, keptAt } of await deps.archives.list(namespace)) {
      if (deps.clock.now() - Date.parse(keptAt) >= YOUNG_ARCHIVE_MS) {
        await clear(at, digest);
      }
    }
  };
}
