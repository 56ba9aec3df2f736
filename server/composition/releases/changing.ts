import { createCarryingOut, type CarryingOutDeps } from './carrying-out.ts';
import type { Config } from '../../config/config-options.ts';
import type { TaskRunner } from '../../reconcilers/tasks/task-runner.ts';
import { createAwaitCacheCatchUp } from '../../services/tasks/await-cache-catch-up.ts';
import { type AwaitOutcome, createAwaitOutcome } from '../../services/tasks/await-outcome.ts';
import { type CancelTask, createCancelTask } from '../../services/tasks/cancel-task.ts';
import { createSubmitTask, type SubmitTask } from '../../services/tasks/submit-task.ts';
import { createTaskPlaces } from '../../services/tasks/task-places.ts';
import { createWaitForTask } from '../../services/tasks/wait-for-task.ts';

export interface ChangingDeps extends Omit<CarryingOutDeps, 'cancelTask' | 'config'> {
  readonly config: Config;
  readonly newId: () => string;
}

/** How a change becomes a task, is carried out, awaited, and cancelled. */
export interface Changing {
  readonly awaitOutcome: AwaitOutcome;
  readonly cancelTask: CancelTask;
  readonly runner: TaskRunner;
  readonly submitTask: SubmitTask;
}

export function createChanging(deps: ChangingDeps): Changing {
  const { config, authorization, cache, charts, cluster, complete, dependencies, engine, guard } = deps;
  const { jobs, liveView, watchRelease, revisions, newId, clock, log } = deps;
  const store = cluster.tasks;
  const { tasksPerNamespace: perNamespace, tasksPerCaller: perCaller } = config.limits;
  const waitForTask = createWaitForTask({ store, clock });
  const cancelTask = createCancelTask({ store, waitForTask, clock });
  const runner = createCarryingOut({
    config,
    authorization,
    cache,
    cancelTask,
    charts,
    cluster,
    complete,
    dependencies,
    engine,
    guard,
    jobs,
    liveView,
    watchRelease,
    revisions,
    clock,
    log,
  });
  const submitTask = createSubmitTask({
    store,
    starter: runner,
    authorization,
    places: createTaskPlaces({ store, perNamespace, perCaller }),
    clock,
    systemNamespace: config.kubernetes.systemNamespace,
    newId,
  });
  const awaitCacheCatchUp = createAwaitCacheCatchUp({ cache, clock });
  return { awaitOutcome: createAwaitOutcome({ waitForTask, awaitCacheCatchUp }), cancelTask, runner, submitTask };
}
