import type { DropArchive } from '../../charts/collect-archives.ts';
import { isInProgress } from '../../../domain/revisions/in-progress.ts';
import { isWrittenBy } from '../../../domain/change/install-plan.ts';
import { interruption } from '../../../domain/revisions/interruption.ts';
import type { ObjectRef } from '../../../domain/kube/kube-object.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { Namespaces } from '../../../ports/cluster/namespaces.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';

export type CleanFailedInstallDeps = {
  engine: Pick<HelmWriter, 'settle' | 'removeFailedInstall'>;
  namespaces: Pick<Namespaces, 'removeIfUnused'>;
  observeRelease: ObserveRelease;
  dropArchive: DropArchive;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  operationTime: OperationTime;
};

/**
 * Removes what a failed first install made: its objects, its records, the kept archive, and the namespace that was
 * created for it (decision 10). Answers what stays: CRDs, kept objects and claims. Does nothing to a release that this
 * task did not write. All is done as the caller: what a chart names need not be what the caller may touch.
 */
export type CleanFailedInstall = (task: Task, leaving: boolean) => Promise<ObjectRef[]>;

export function createCleanFailedInstall(deps: CleanFailedInstallDeps): CleanFailedInstall {
  const { engine, namespaces, observeRelease, dropArchive, liveView, operationTime } = deps;

  async function removeRelease(task: Task): Promise<ObjectRef[]> {
    const { namespace, release, caller: identity, requestId } = task;
    const seen = await observeRelease({ ...task, identity }, { requestId });
    const newest = seen.history.at(-1);
    if (newest === undefined || !isWrittenBy(task, seen) || newest.status === 'deployed') {
      return [];
    }
    const target = { identity, namespace, name: release };
    if (isInProgress(newest.status)) {
      await engine.settle({ ...target, revision: newest.revision, description: interruption(task.id) }, { requestId });
    }
    const { kept } = await engine.removeFailedInstall({ ...target, timeoutMs: operationTime(task) }, { requestId });
    await liveView.observe(taskKey(task), null);
    return kept;
  }

  /** `leaving`: nothing will be tried again, so what was put there for the release goes as well. */
  return async function cleanFailedInstall(task, leaving) {
    const kept = await removeRelease(task);
    if (leaving && task.order.kind === 'install') {
      await dropArchive(task.namespace, task.order.origin.digest, { task: task.id, as: task.caller });
      if (task.order.createNamespace) {
        await namespaces.removeIfUnused(task.namespace, task.id, task.caller);
      }
    }
    return kept;
  };
}
