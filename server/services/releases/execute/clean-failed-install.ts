import type { DropArchive } from '../../charts/collect-archives.ts';
import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import { hasComeTrue, isWrittenBy } from '../../../domain/change/seen-release.ts';
import { interruption } from '../../../domain/revisions/interruption.ts';
import type { ObjectRef } from '../../../domain/kube/kube-object.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { Namespaces } from '../../../ports/cluster/namespaces.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import { settleRevision } from './settle-revision.ts';
import { isInProgress } from '../../../domain/revisions/helm-status.ts';

export type CleanFailedInstallDeps = {
  engine: Pick<HelmWriter, 'settle' | 'removeFailedInstall'>;
  namespaces: Pick<Namespaces, 'removeIfUnused'>;
  observeRelease: ObserveRelease;
  dropArchive: DropArchive;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  operationTime: OperationTime;
};

/**
 * Removes what a failed first install made: its objects, its records, the stored archive, and the namespace created for
 * it (decision 10: a failed first install is removed). Returns what stays: CRDs, kept objects and claims. Does nothing
 * to a release that this task did not write. Everything is done as the caller, because a chart may name objects that
 * the caller may not touch. Null: the release is deployed after all, perhaps by a late write, and nothing was removed.
 */
export type CleanFailedInstall = (
  task: Task,
  leaving: boolean,
  report?: EngineCall['onProgress'],
) => Promise<ObjectRef[] | null>;

export function createCleanFailedInstall(deps: CleanFailedInstallDeps): CleanFailedInstall {
  const { engine, namespaces, observeRelease, dropArchive, liveView, operationTime } = deps;

  async function removeRelease(task: Task, report: EngineCall['onProgress'], lost = 0): Promise<ObjectRef[] | null> {
    const { namespace, release, caller: identity, requestId } = task;
    const seen = await observeRelease({ ...task, identity }, { requestId });
    const newest = seen.history.at(-1);
    if (hasComeTrue(task, seen)) {
      return null;
    }
    if (newest === undefined || !isWrittenBy(task, seen)) {
      return [];
    }
    const target = { identity, namespace, name: release };
    if (isInProgress(newest.status)) {
      const request = { ...target, revision: newest.revision, description: interruption(task.id) };
      if (!(await settleRevision(engine, request, { requestId }, lost < MAX_RACES))) {
        return removeRelease(task, report, lost + 1);
      }
    }
    const call = { requestId, ...(report !== undefined && { onProgress: report }) };
    const { kept } = await engine.removeFailedInstall({ ...target, timeoutMs: operationTime(task) }, call);
    await liveView.observe(taskKey(task), null);
    return kept;
  }

  /** `leaving`: there will be no retry, so the archive stored for the release is removed as well. */
  return async function cleanFailedInstall(task, leaving, report) {
    const kept = await removeRelease(task, report);
    if (kept !== null && leaving && task.order.kind === 'install') {
      await dropArchive(task.namespace, task.order.origin.digest, { task: task.id, as: task.caller });
      if (task.order.createNamespace) {
        await namespaces.removeIfUnused(task.namespace, task.id, task.caller);
      }
    }
    return kept;
  };
}
