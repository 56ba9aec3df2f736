import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import { hasComeTrue, isWrittenBy, type ReleaseSnapshot } from '../../../domain/change/seen-release.ts';
import { cancellation } from '../../../domain/revisions/interruption.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { CleanFailedInstall } from './clean-failed-install.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import { settleRevision } from './settle-revision.ts';
import { isInProgress, isUninstalled, isUninstalling } from '../../../domain/revisions/helm-status.ts';

export type UndoCancelledDeps = {
  engine: Pick<HelmReader, 'getRelease'> & Pick<HelmWriter, 'settle'>;
  observeRelease: ObserveRelease;
  cleanFailedInstall: CleanFailedInstall;
  cancelProject: (task: Task) => Promise<Record<string, unknown>>;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
};

/**
 * Brings a release into a definite state after its operation was cancelled (decision 29: cancelling). A first install
 * is removed, any other change is left as a failed revision; with a project task, so are its release tasks. Returns
 * details for the task. Null: the operation was faster, perhaps by a late write, and is done.
 */
export type UndoCancelled = (task: Task) => Promise<Record<string, unknown> | null>;

export function createUndoCancelled({
  engine,
  observeRelease,
  cleanFailedInstall,
  liveView,
  cancelProject,
}: UndoCancelledDeps): UndoCancelled {
  return async function undoCancelled(task) {
    if (task.project !== undefined) {
      return cancelProject(task);
    }
    if (task.order.kind === 'install') {
      const remains = await cleanFailedInstall(task, true);
      return remains && { remains };
    }
    return undoChange(task);
  };

  async function undoChange(task: Task, lost = 0): Promise<Record<string, unknown> | null> {
    const { namespace, release: name, requestId } = task;
    const target = { identity: task.caller, namespace, name };
    const seen = await observeRelease({ ...task, identity: task.caller }, { requestId });
    if (isDone(task, seen)) {
      return null;
    }
    const newest = seen.history.at(-1);
    // An uninstall writes no revision of its own: it marks the one that it removes.
    const isOurs =
      isWrittenBy(task, seen) ||
      (newest !== undefined && isUninstalling(newest.status) && newest.revision === task.revision);
    if (newest === undefined || !isOurs) {
      return {};
    }
    if (isInProgress(newest.status)) {
      const request = { ...target, revision: newest.revision, description: cancellation(task.id) };
      if (!(await settleRevision(engine, request, { requestId }, lost < MAX_RACES))) {
        return undoChange(task, lost + 1);
      }
    }
    const settled = await engine.getRelease(target, undefined, { requestId });
    await liveView.observe(taskKey(task), settled);
    return { revision: newest.revision };
  }
}

/** Whether the work of the task is done: its revision was applied, or the release that it started to delete is gone. */
function isDone(task: Task, seen: ReleaseSnapshot): boolean {
  const newest = seen.history.at(-1);
  if (task.order.kind === 'delete') {
    return task.order.digests !== undefined && (newest === undefined || isUninstalled(newest.status));
  }
  return hasComeTrue(task, seen);
}
