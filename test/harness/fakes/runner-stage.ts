import { TaskOperation } from '../../../contract/schemas/task.ts';
import { createManualClock } from '../../../server/adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../../server/adapters/memory/task-store.ts';
import { problem } from '../../../server/domain/errors/problem-error.ts';
import type { Task } from '../../../server/domain/tasks/task.ts';
import type { TaskStore } from '../../../server/ports/storage/task-store.ts';
import {
  createTaskRunner,
  type TaskRunner,
  type TaskRunnerDeps,
} from '../../../server/reconcilers/tasks/task-runner.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../../../server/services/tasks/task-executor.ts';
import { taskWith } from './tasks.ts';

/** One run of a task, ended by the test. */
type Started = { task: Task; run: TaskRun; end: (result?: TaskResult) => void; fail: (error: unknown) => void };

/** How long a runner that stops lets tasks continue, in milliseconds. */
export const GRACE_MS = 10_000;

/**
 * A task runner over memory adapters, with a clock, a leader state and executors that the test controls. `wrap` may
 * make the store fail.
 */
export function createRunnerStage(wrap: (store: TaskStore) => TaskStore = (store) => store) {
  const clock = createManualClock();
  const store = wrap(createMemoryTaskStore());
  const started: Started[] = [];
  const problems: unknown[] = [];
  const refused = new Set<string>();
  const undone: string[] = [];
  const undoFailures: Error[] = [];
  const isDone = new Set<string>();
  const stopping = new AbortController();
  const subscribers = new Set<(leading: boolean) => void>();
  let leading = true;
  let runner: TaskRunner | undefined;

  const execute: TaskExecutor = (task, run) =>
    new Promise((resolve, reject) => {
      started.push({ task, run, end: (result = {}) => resolve(result), fail: reject });
      run.signal.addEventListener('abort', () => reject(new Error('aborted')));
    });

  return {
    clock,
    store,
    /** Runs, in the order in which they started. */
    started,
    /** Errors that were logged. */
    problems,
    /** Ids of tasks whose callers have lost the right to them. */
    refused,
    /** Ids of the tasks that were undone. */
    undone,
    /** Errors that the next calls of undo throw. */
    undoFailures,
    /** Ids of tasks that are done before they can be undone. */
    isDone,
    /** Starts the runner; resolves when it has stopped. */
    start(parallel = 10): Promise<void> {
      runner = createTaskRunner({
        complete: store.synced(),
        store,
        leadership: {
          isLeader: () => leading,
          subscribe(listener) {
            subscribers.add(listener);
            return () => subscribers.delete(listener);
          },
        },
        executors: Object.fromEntries(
          TaskOperation.anyOf.map((kind) => [kind.const, execute]),
        ) as TaskRunnerDeps['executors'],
        authorize: (task) =>
          refused.has(task.id) ? Promise.reject(problem('FORBIDDEN', 'not any more')) : Promise.resolve(),
        undoCancelled: (task) => {
          undone.push(task.id);
          const failure = undoFailures.shift();
          if (failure !== undefined) return Promise.reject(failure);
          return Promise.resolve(isDone.has(task.id) ? null : { remains: [] });
        },
        clock,
        parallel,
        graceMs: GRACE_MS,
        onError: (_, error) => problems.push(error),
      });
      return runner.run(stopping.signal);
    },
    runner(): TaskRunner {
      if (runner === undefined) throw new Error('the runner was not started');
      return runner;
    },
    stop: () => stopping.abort(),
    /** Makes this replica the leader or not, and notifies the runner. */
    lead(now: boolean): void {
      leading = now;
      subscribers.forEach((tell) => tell(now));
    },
    /** Makes this replica lose the lead without notifying the runner. */
    loseLeadUnnoticed(): void {
      leading = false;
    },
    stateOf: async (id: string) => (await store.find(id))?.task.state,
    running: () => started.map(({ task }) => task.id),
    /** Resolves when everything that needs no time is done. */
    settle: () => clock.advance(0),
  };
}

/** A queued task; `id` is a digit, and tasks with smaller ones are older. */
export function stagedTask(id: string, release: string, namespace = 'shop'): Task {
  return taskWith({ id, namespace, release, createdAt: `2026-01-01T00:00:0${id}.000Z` });
}
