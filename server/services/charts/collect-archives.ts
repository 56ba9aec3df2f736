import type { ChartArchiveStore } from '../../ports/chart-archive-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { neededArchives } from '../../domain/task.ts';
import type { TaskStore } from '../../ports/task-store.ts';

export type CollectArchivesDeps = {
  archives: ChartArchiveStore;
  /** Namespace that keeps archives of releases whose own does not exist yet. */
  stagingNamespace: string;
  store: Pick<TaskStore, 'unfinished'>;
  clock: Clock;
};

/** An archive is kept while the task that needs it is being written; for so long it is left alone, in milliseconds. */
export const YOUNG_ARCHIVE_MS = 10_000;

/**
 * Removes one archive of a namespace when no kept revision of any release there and no unfinished task refers to it;
 * `exceptTask` is the task on whose behalf this happens.
 */
export function createDropArchive({ archives, stagingNamespace, store }: CollectArchivesDeps) {
  return async (namespace: string, digest: string, exceptTask?: string): Promise<void> => {
    const wanted = store
      .unfinished()
      .some(
        ({ task }) =>
          task.id !== exceptTask &&
          (task.namespace === namespace || namespace === stagingNamespace) &&
          neededArchives(task.order).includes(digest),
      );
    if (!wanted && !(await archives.isReferenced(namespace, digest))) {
      await archives.remove(namespace, digest);
    }
  };
}

/** Removes every archive that nothing refers to any more: what plain `helm` and interrupted operations leave. */
export function createCollectArchives(deps: CollectArchivesDeps) {
  const dropArchive = createDropArchive(deps);
  return async (namespace?: string): Promise<void> => {
    for (const { namespace: at, digest, keptAt } of await deps.archives.list(namespace)) {
      if (deps.clock.now() - Date.parse(keptAt) >= YOUNG_ARCHIVE_MS) {
        await dropArchive(at, digest);
      }
    }
  };
}
