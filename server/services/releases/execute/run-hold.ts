import type { OrderOf } from '../../../domain/tasks/task.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { holdTransform } from '../../../domain/workloads/hold-documents.ts';
import { asString } from '../../../domain/json/json-reading.ts';
import { conditionOf, type ObjectRef, statusOf } from '../../../domain/kube/kube-object.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { Workloads } from '../../../ports/cluster/workloads.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import type { RewriteRelease } from './rewrite-release.ts';
import { createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunHoldDeps = RunChangeDeps & {
  rewriteRelease: RewriteRelease;
  live: ClusterView;
  workloads: Pick<Workloads, 'removePod'>;
};

/**
 * Holds a failed rollout (decision 35: failed rollouts): nothing more is updated, and unready pods of a StatefulSet
 * that the rollout created are deleted, so that they come back as before.
 */
export function createRunHold(deps: RunHoldDeps): TaskExecutor<OrderOf<'hold'>> {
  const { rewriteRelease, live, workloads } = deps;

  async function removeUnready({ objects }: HelmRelease, caller: Caller | null): Promise<void> {
    const pods = objects.filter(({ kind }) => kind === 'StatefulSet').flatMap((ref) => unreadyPods(live, ref));
    await Promise.all(pods.map((pod) => workloads.removePod(pod, caller)));
  }

  return createRunChange<'hold'>(deps, async (change) => {
    const release = await rewriteRelease(change, {
      cause: 'held',
      reason: change.order.reason,
      facts: { held: { since: change.task.createdAt, reason: change.order.reason } },
      transform: holdTransform,
    });
    await removeUnready(release, change.task.caller);
    return { release, warnings: release.warnings };
  });
}

/** Unready pods of the revision that a StatefulSet was being updated to. */
function unreadyPods(live: ClusterView, ref: ObjectRef) {
  const statefulSet = live.get(ref);
  if (statefulSet === undefined) {
    return [];
  }
  const { currentRevision, updateRevision } = statusOf(statefulSet);
  return live.podsOf(statefulSet.metadata.uid ?? '').flatMap((pod) => {
    const { namespace = '', name, uid = '', labels = {} } = pod.metadata;
    const isNew = labels['controller-revision-hash'] === asString(updateRevision) && currentRevision !== updateRevision;
    return isNew && conditionOf(pod, 'Ready')?.status !== 'True' ? [{ namespace, name, uid }] : [];
  });
}
