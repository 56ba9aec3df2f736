import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Jobs } from './jobs.ts';
import type { Revisions } from './revisions.ts';
import type { Config } from '../../config/config-options.ts';
import type { OperationTime } from '../../domain/tasks/operation-time.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { GuardUnattended } from '../../services/automation/guard-unattended.ts';
import type { AwaitUnlock } from '../../services/releases/execute/await-unlock.ts';
import { createRewriteRelease } from '../../services/releases/execute/rewrite-release.ts';
import { createRunAdopt } from '../../services/releases/execute/run-adopt.ts';
import type { RunChangeDeps } from '../../services/releases/execute/run-change.ts';
import { createRunDetach } from '../../services/releases/execute/run-detach.ts';
import { createRunHold } from '../../services/releases/execute/run-hold.ts';
import { createRunPause } from '../../services/releases/execute/run-pause.ts';
import { createRunRecover } from '../../services/releases/execute/run-recover.ts';
import { createRunRollback } from '../../services/releases/execute/run-rollback.ts';
import { createRunUpgrade } from '../../services/releases/execute/run-upgrade.ts';
import type { TaskExecutors } from '../../services/tasks/task-executor.ts';

export interface RewritingDeps {
  readonly config: Pick<Config, 'history' | 'pauseDaemonSets'>;
  readonly awaitUnlock: AwaitUnlock;
  readonly charts: Charts;
  readonly cluster: Pick<Cluster, 'live' | 'workloads'>;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly guard: GuardUnattended;
  readonly jobs: Jobs;
  readonly liveView: RunChangeDeps['liveView'];
  readonly operationTime: OperationTime;
  readonly revisions: Revisions;
  readonly clock: Clock;
}

/** The executors of changes that write a further revision of a release. */
export function createRewritingExecutors(
  deps: RewritingDeps,
): TaskExecutors<'adopt' | 'detach' | 'hold' | 'pause' | 'recover' | 'rollback' | 'upgrade'> {
  const { config, charts, cluster, dependencies, engine, jobs, operationTime, revisions, clock } = deps;
  const { pauseDaemonSets } = config;
  const maxHistory = config.history.max;
  const rewriteRelease = createRewriteRelease({ engine, hideRecorded: jobs.hideRecorded, operationTime, maxHistory });
  /** What every executor observes, waits for and marks as failed. */
  const change: RunChangeDeps = {
    engine,
    observeRelease: revisions.observeRelease,
    findManaged: revisions.findManaged,
    findSecrets: jobs.findSecrets,
    awaitUnlock: deps.awaitUnlock,
    guard: deps.guard,
    live: cluster.live,
    workloads: cluster.workloads,
    liveView: deps.liveView,
  };
  return {
    adopt: createRunAdopt({ ...change, rewriteRelease, live: cluster.live, clock, pauseDaemonSets }),
    detach: createRunDetach({ ...change, rewriteRelease }),
    hold: createRunHold({ ...change, rewriteRelease, live: cluster.live, workloads: cluster.workloads }),
    pause: createRunPause({ ...change, rewriteRelease, live: cluster.live, clock, pauseDaemonSets }),
    recover: createRunRecover({ ...change, rewriteRelease, workloads: cluster.workloads }),
    rollback: createRunRollback({
      ...change,
      engine,
      planRollback: revisions.planRollback,
      keepArchive: charts.keepArchive,
      operationTime,
      maxHistory,
    }),
    upgrade: createRunUpgrade({
      ...change,
      engine,
      awaitProviders: dependencies.awaitProviders,
      keepArchive: charts.keepArchive,
      mergeUpgrade: revisions.mergeUpgrade,
      buildRelease: revisions.buildRelease,
      rewriteRelease,
      operationTime,
      maxHistory,
    }),
  };
}
