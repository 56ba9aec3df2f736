import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Revisions } from './revisions.ts';
import type { OperationTime } from '../../domain/tasks/operation-time.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createCancelProject } from '../../services/projects/cancel-project.ts';
import { createRunAppliedProject } from '../../services/projects/run-applied-project.ts';
import { createRunProject } from '../../services/projects/run-project.ts';
import { createAwaitReady } from '../../services/releases/execute/await-ready.ts';
import type { AwaitUnlock } from '../../services/releases/execute/await-unlock.ts';
import { createCleanFailedInstall } from '../../services/releases/execute/clean-failed-install.ts';
import { maskFailures } from '../../services/releases/execute/mask-failures.ts';
import { createRunApply } from '../../services/releases/execute/run-apply.ts';
import { createRunDelete } from '../../services/releases/execute/run-delete.ts';
import { createRunInstall, type RunInstallDeps } from '../../services/releases/execute/run-install.ts';
import { createRunRestart } from '../../services/releases/execute/run-restart.ts';
import { createRunTest } from '../../services/releases/execute/run-test.ts';
import { createUndoCancelled, type UndoCancelled } from '../../services/releases/execute/undo-cancelled.ts';
import type { WatchRelease } from '../../services/releases/observe/watch-release.ts';
import type { CancelTask } from '../../services/tasks/cancel-task.ts';
import type { TaskExecutors } from '../../services/tasks/task-executor.ts';

export interface ExecutorsDeps {
  readonly awaitUnlock: AwaitUnlock;
  readonly cache: ReleaseCache;
  readonly cancelTask: CancelTask;
  readonly charts: Charts;
  readonly cluster: Pick<Cluster, 'claims' | 'live' | 'namespaces' | 'tasks' | 'workloads'>;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly findSecrets: RunInstallDeps['findSecrets'];
  readonly liveView: RunInstallDeps['liveView'];
  readonly watchRelease: WatchRelease;
  readonly operationTime: OperationTime;
  readonly revisions: Revisions;
  /** The executors of changes that write a revision without rendering. */
  readonly rewriting: TaskExecutors<'adopt' | 'detach' | 'hold' | 'pause' | 'recover' | 'rollback' | 'upgrade'>;
  readonly clock: Clock;
}

/** The executor of each kind of task, and the undoing of cancelled ones. */
export function createExecutors(deps: ExecutorsDeps): { executors: TaskExecutors; undoCancelled: UndoCancelled } {
  const { awaitUnlock, cache, charts, cluster, dependencies, engine, liveView, operationTime, revisions, clock } = deps;
  const { claims, live, namespaces, tasks, workloads } = cluster;
  const { observeRelease } = revisions;
  const { dropArchive } = charts;
  const cleanFailedInstall = createCleanFailedInstall({
    engine,
    namespaces,
    observeRelease,
    dropArchive,
    liveView,
    operationTime,
  });
  const runInstall = createRunInstall({
    engine,
    namespaces,
    chartFacts: charts.chartFacts,
    keepArchive: charts.keepArchive,
    restoreArchive: charts.restoreArchive,
    buildRelease: revisions.buildRelease,
    findSecrets: deps.findSecrets,
    observeRelease,
    awaitUnlock,
    awaitProviders: dependencies.awaitProviders,
    cleanFailedInstall,
    liveView,
    operationTime,
    tasks,
  });
  const runApply = createRunApply({
    runInstall,
    runUpgrade: deps.rewriting.upgrade,
    awaitReady: createAwaitReady({ cache, live, watchRelease: deps.watchRelease, clock }),
    operationTime,
  });
  const runProject = createRunProject({ current: revisions.current, store: tasks, clock });
  const executors: TaskExecutors = {
    ...deps.rewriting,
    install: runApply,
    upgrade: runApply,
    delete: createRunDelete({
      engine,
      claims,
      dropArchive,
      observeRelease,
      awaitUnlock,
      liveView,
      operationTime,
      tasks,
      clock,
    }),
    restart: createRunRestart({ current: revisions.current, live, workloads, clock }),
    test: createRunTest({
      engine,
      reader: revisions.reader,
      observeRelease,
      awaitUnlock,
      liveView,
      operationTime,
      cache,
    }),
    createProject: runProject,
    changeProject: runProject,
    pauseProject: runProject,
    recoverProject: runProject,
    restartProject: runProject,
    applyProject: createRunAppliedProject({ store: tasks, clock }),
    deleteProject: runProject,
  };
  const cancelProject = createCancelProject({ store: tasks, cancelTask: deps.cancelTask, clock });
  return {
    executors: maskFailures(executors, { cache }),
    undoCancelled: createUndoCancelled({ engine, observeRelease, cleanFailedInstall, cancelProject, liveView }),
  };
}
