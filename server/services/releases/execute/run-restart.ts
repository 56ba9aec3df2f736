import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { releaseNotFound, releasePaused } from '../../../domain/errors/release-problems.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import { isRestarted, planRestart, type RestartPlan } from '../../../domain/workloads/restart-plan.ts';
import { type RestartOrder, type Task, taskKey, type OrderOf } from '../../../domain/tasks/task.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Workloads } from '../../../ports/cluster/workloads.ts';
import { mapBounded } from '../../../ports/runtime/map-bounded.ts';
import type { TaskExecutor, TaskRun } from '../../tasks/task-executor.ts';

export type RunRestartDeps = {
  engine: Pick<HelmReader, 'getRelease'>;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  cache: Pick<ReleaseCache, 'get'>;
  live: ClusterView;
  workloads: Pick<Workloads, 'read' | 'roll' | 'removePod'>;
  clock: Pick<Clock, 'now'>;
};

/** Workloads that are read at once. */
const READ_AT_ONCE = 16;

/**
 * Carries out a restart: plans it once, and repeats the plan after interruptions. Pods created after the plan are not
 * touched. Throws RELEASE_NOT_FOUND, RELEASE_PAUSED.
 */
export function createRunRestart(deps: RunRestartDeps): TaskExecutor<OrderOf<'restart'>> {
  const { engine, liveView, cache, live, workloads, clock } = deps;

  /** A replica that has just become the leader may not know a release that was installed a moment ago. */
  async function recordOf(task: Task, { signal }: TaskRun): Promise<ReleaseRecord | undefined> {
    const key = taskKey(task);
    const known = await cache.get(key);
    if (known !== undefined) {
      return known;
    }
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    await liveView.observe(key, await engine.getRelease(target, undefined, { requestId: task.requestId, signal }));
    return cache.get(key);
  }

  async function plan(task: Task, order: RestartOrder, run: TaskRun): Promise<RestartPlan> {
    const { namespace, release } = task;
    const record = await recordOf(task, run);
    if (record === undefined) {
      throw releaseNotFound(namespace, release);
    }
    if (record.paused) {
      throw releasePaused(namespace, release, 'restart');
    }
    // The view of the cluster lags: without reading them, workloads applied just now would not be restarted.
    const missing = record.objects.filter((ref) => isRestarted(ref) && live.get(ref) === undefined);
    const unseen = await mapBounded(missing, READ_AT_ONCE, (ref) => workloads.read(ref));
    const found = unseen.filter((workload) => workload !== undefined);
    const made = planRestart(order.mode, record, live, clock.now(), found);
    await run.save({ revision: record.revision, order: { ...order, plan: made } });
    return made;
  }

  return async function runRestart(task, run) {
    const { order } = task;
    const { roll, pods, warnings } = order.plan ?? (await plan(task, order, run));
    await Promise.all([
      ...roll.map((ref) => workloads.roll(ref, task.createdAt, task.caller)),
      ...pods.map((pod) => workloads.removePod(pod, task.caller)),
    ]);
    return { warnings };
  };
}
