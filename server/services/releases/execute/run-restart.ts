import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { releaseNotFound, releasePaused } from '../../../domain/errors/release-problems.ts';
import { isRestarted, planRestart, type RestartPlan } from '../../../domain/workloads/restart-plan.ts';
import { type RestartOrder, type Task, taskKey, type OrderOf } from '../../../domain/tasks/task.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { Workloads } from '../../../ports/cluster/workloads.ts';
import { mapBounded } from '../../../ports/runtime/map-bounded.ts';
import type { CurrentReleases } from '../observe/current-releases.ts';
import type { TaskExecutor, TaskRun } from '../../tasks/task-executor.ts';

export type RunRestartDeps = {
  current: Pick<CurrentReleases, 'get'>;
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
  const { current, live, workloads, clock } = deps;

  async function plan(task: Task, order: RestartOrder, run: TaskRun): Promise<RestartPlan> {
    const { namespace, release } = task;
    // The cache may be behind: without what was applied just now, its workloads would be left out.
    const record = await current.get(taskKey(task));
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
