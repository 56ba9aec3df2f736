import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import { createExecutors } from './executors.ts';
import type { Jobs } from './jobs.ts';
import type { Revisions } from './revisions.ts';
import { createRewritingExecutors } from './rewriting.ts';
import type { Config } from '../../config/config-options.ts';
import { createOperationTime } from '../../domain/tasks/operation-time.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createTaskRunner, type TaskRunner } from '../../reconcilers/tasks/task-runner.ts';
import type { LiveView } from '../../reconcilers/releases/live-view.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { GuardUnattended } from '../../services/automation/guard-unattended.ts';
import { createAwaitUnlock } from '../../services/releases/execute/await-unlock.ts';
import type { WatchRelease } from '../../services/releases/observe/watch-release.ts';
import type { CancelTask } from '../../services/tasks/cancel-task.ts';

export interface CarryingOutDeps {
  readonly config: Pick<Config, 'history' | 'operationTimeoutSec' | 'pauseDaemonSets' | 'shutdownSec' | 'tasks'>;
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cancelTask: CancelTask;
  readonly charts: Charts;
  readonly cluster: Cluster;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly guard: GuardUnattended;
  readonly jobs: Jobs;
  readonly liveView: Pick<LiveView, 'observe'>;
  readonly watchRelease: WatchRelease;
  readonly revisions: Revisions;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Share of the shutdown time in which running tasks may finish; the rest is for handing them back. */
const GRACE = 0.6;

/** Carries out accepted tasks while this replica leads. */
export function createCarryingOut(deps: CarryingOutDeps): TaskRunner {
  const { config, authorization, cache, charts, cluster, dependencies, engine, liveView, revisions, clock, log } = deps;
  const { leadership, tasks } = cluster;
  const operationTime = createOperationTime(config.operationTimeoutSec * 1000);
  const foreignLockMs = config.tasks.foreignLockSec * 1000;
  const awaitUnlock = createAwaitUnlock({
    engine,
    tasks,
    observeRelease: revisions.observeRelease,
    clock,
    foreignLockMs,
  });
  const rewriting = createRewritingExecutors({
    config,
    awaitUnlock,
    charts,
    cluster,
    dependencies,
    engine,
    guard: deps.guard,
    jobs: deps.jobs,
    liveView,
    operationTime,
    revisions,
    clock,
  });
  const { executors, undoCancelled } = createExecutors({
    awaitUnlock,
    cache,
    cancelTask: deps.cancelTask,
    charts,
    cluster,
    dependencies,
    engine,
    findSecrets: deps.jobs.findSecrets,
    liveView,
    watchRelease: deps.watchRelease,
    operationTime,
    revisions,
    rewriting,
    clock,
  });
  return createTaskRunner({
    complete: deps.complete,
    store: tasks,
    leadership,
    executors,
    clock,
    authorize: (task) => authorization.demandTask(task, true),
    undoCancelled,
    parallel: config.tasks.parallel,
    graceMs: config.shutdownSec * 1000 * GRACE,
    onError: ({ id, namespace, release, requestId }, error) =>
      log.error({ taskId: id, release: `${namespace}/${release}`, requestId, err: error }, 'task failed unexpectedly'),
  });
}
