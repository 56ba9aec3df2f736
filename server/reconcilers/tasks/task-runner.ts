import { TooManyAttempts } from '../../domain/errors/too-many-attempts.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import { nextTasks } from '../../domain/tasks/task-queue.ts';
import { isFinished, isFollowing, type Task, taskKey } from '../../domain/tasks/task.ts';
import { backoffMs } from '../../ports/runtime/backoff.ts';
import { type Clock, sleep, timestamp, whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import type { FreshKnowledge, TaskExecutor, TaskExecutors } from '../../services/tasks/task-executor.ts';
import type { TaskStarter } from '../../services/tasks/task-starter.ts';
import { createPauses } from './pauses.ts';
import { cancelledBy, CancelRequested, failed, ServerStops, succeeded } from './task-ending.ts';

export type TaskRunnerDeps = {
  /** Resolves once the objects, the releases and the tasks of the cluster are known: tasks go by what is there. */
  complete: Promise<unknown>;
  store: TaskStore;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  /** By what the task's order is. */
  executors: TaskExecutors;
  clock: Clock;
  /** Refuses a task whose caller has lost the right to it since it was accepted (decision 31). */
  authorize: (task: Task) => Promise<void>;
  /** Brings a release into a definite state after its task was cancelled; answers what the task has to tell of it. */
  undoCancelled: (task: Task) => Promise<Record<string, unknown>>;
  /** Releases that are changed at the same time. */
  parallel: number;
  /** When stopping: how long running tasks may go on before they are cancelled and handed back. */
  graceMs: number;
  /** Told of every run that did not end as planned; expected failures of tasks are not among them. */
  onError: (task: Task, error: unknown) => void;
};

/** Runs the tasks that were accepted by any replica, while this one leads. */
export type TaskRunner = TaskStarter & {
  /** Takes tasks until the signal is aborted; then finishes or hands back what runs. */
  run(signal: AbortSignal): Promise<void>;
};

/** Failures after which nobody knows what was done: it is looked at again, as after a restart. */
const UNCERTAIN = new Set<string>(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE']);
/** Failures before which nothing was begun: what was accepted waits for its turn, however long that takes. */
const NOT_BEGUN = new Set<string>(['ENGINE_BUSY']);
const RETRY = { initialMs: 500, maxMs: 15_000 };

type Running = { id: string; following: boolean; abort: AbortController; ended: Promise<void> };

export function createTaskRunner(deps: TaskRunnerDeps): TaskRunner {
  const { store, leadership, executors, clock, authorize, undoCancelled, parallel, graceMs, onError } = deps;
  /** Releases that are being changed, or held by a reservation (then without a run). */
  const held = new Map<ReleaseKey, Running | null>();
  const pauses = createPauses(clock, pump);
  /** Tasks that this process has begun in this lead: others that are `running` were left by a process that is gone. */
  const begun = new Set<string>();
  const failures = new Map<string, number>();
  let taking = false;
  let pumping = false;
  let pumpAgain = false;

  const mayTake = () => taking && leadership.isLeader();

  /** Begins what can be begun. Beginning a task writes it, and that calls back here: then once more afterwards. */
  function pump(): void {
    pumpAgain = true;
    if (pumping) {
      return;
    }
    pumping = true;
    while (pumpAgain) {
      pumpAgain = false;
      if (mayTake()) {
        beginWhatFits();
      }
    }
    pumping = false;
  }

  function beginWhatFits(): void {
    const waiting = store.unfinished();
    const busy = new Set([...held.keys(), ...pauses.keys()]);
    const running = [...held].map(([key, run]) => ({ ...parseReleaseKey(key), following: run?.following === true }));
    const chosen = nextTasks(
      waiting.map(({ task }) => task),
      { busy, running, parallel },
    );
    for (const task of chosen) {
      const stored = waiting.find((other) => other.task.id === task.id);
      if (stored !== undefined) {
        begin(stored);
      }
    }
  }

  function begin(stored: StoredTask, fresh?: FreshKnowledge): void {
    const key = taskKey(stored.task);
    const abort = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // Held before anything is written: the first write already tells of a task to be taken.
    held.set(key, { id: stored.task.id, following: isFollowing(stored.task), abort, ended });
    void work(stored, abort.signal, fresh).finally(() => {
      held.delete(key);
      resolve();
      pump();
    });
  }

  /** A task was added or changed, by whomever. */
  function hear(task: Task): void {
    const key = taskKey(task);
    const running = held.get(key);
    if (task.cancelRequest !== undefined && !isFinished(task)) {
      if (running?.id === task.id) {
        running.abort.abort(new CancelRequested(task.cancelRequest.by));
      }
      pauses.end(key);
    }
    if (!isFinished(task) || task.state === 'cancelled') {
      pump();
    }
  }

  async function work(stored: StoredTask, signal: AbortSignal, fresh?: FreshKnowledge): Promise<void> {
    const { id } = stored.task;
    let current = stored;
    const save = async (changes: Partial<Task>) => {
      try {
        current = await store.update(current, { ...current.task, ...changes });
      } catch (error) {
        // The wish to cancel it is the one thing that others write into a task that runs.
        const newer = error instanceof TaskConflict ? await store.find(id) : null;
        if (newer?.task.cancelRequest === undefined || isFinished(newer.task)) {
          throw error;
        }
        current = await store.update(newer, { ...newer.task, ...changes });
      }
      return current.task;
    };
    try {
      if (fresh === undefined && !begun.has(id)) {
        // Also one that another process has begun: it is carried on as its caller, or not at all.
        await authorize(current.task);
        const { attempt, startedAt = timestamp(clock) } = current.task;
        await save({ state: 'running', attempt: attempt + 1, startedAt });
      }
      begun.add(id);
      // Also when it was written while the task was on its way here.
      const newest = store.unfinishedOf(taskKey(current.task)).find(({ task }) => task.id === id);
      if (newest?.task.cancelRequest !== undefined) {
        throw new CancelRequested(newest.task.cancelRequest.by);
      }
      const run = { signal, save, report: (progress: NonNullable<Task['progress']>) => store.report(id, progress) };
      // The table ties each kind to its order, which the compiler cannot follow through a lookup.
      const execute = executors[current.task.order.kind] as TaskExecutor;
      const result = await execute(current.task, { ...run, ...(fresh && { fresh }) });
      if ('lookAgainMs' in result) {
        if (signal.aborted) {
          begun.delete(id);
        }
        pauses.begin(taskKey(current.task), result);
        return;
      }
      const outcome = succeeded(current.task, result, clock);
      // Whoever waits need not wait for the write: the change is in the cluster, and after a crash it is seen there.
      const takeBack = store.announce(current, { ...current.task, ...outcome });
      try {
        await finish(() => save(outcome), signal);
      } catch (unwritten) {
        // A lead that comes back at once would never look at a task that only seems to be finished.
        takeBack();
        throw unwritten;
      }
    } catch (error) {
      await settle(error, current.task, signal, save);
    }
  }

  /** Ends a run that threw. A task that was interrupted stays `running`: who comes next observes it again. */
  async function settle(
    error: unknown,
    task: Task,
    signal: AbortSignal,
    save: (changes: Partial<Task>) => Promise<Task>,
  ): Promise<void> {
    const cancelled = [error, signal.reason].find((reason) => reason instanceof CancelRequested);
    if (cancelled !== undefined) {
      try {
        const details = await undoCancelled(task);
        await save(cancelledBy(cancelled.by, details, clock));
        begun.delete(task.id);
        return;
      } catch (unfinished) {
        // Nothing is aborted any more: it is tried again like everything that did not succeed.
        return settle(unfinished, task, new AbortController().signal, save);
      }
    }
    if (signal.reason instanceof ServerStops) {
      begun.delete(task.id);
      // Queued again, and the attempt does not count: it was not the task that brought this process down. Where that
      // cannot be written, the task stays `running` and is taken over like after a crash.
      await save({ state: 'queued', attempt: task.attempt - 1, progress: undefined }).catch(() => undefined);
      return;
    }
    if (error instanceof TaskConflict || signal.aborted) {
      lookAgain(task, signal);
      return;
    }
    if (error instanceof ProblemError && UNCERTAIN.has(error.code) && !(error instanceof TooManyAttempts)) {
      onError(task, error);
      begun.delete(task.id);
      pauseLonger(task);
      return;
    }
    if (error instanceof ProblemError && NOT_BEGUN.has(error.code)) {
      begun.delete(task.id);
      pauseLonger(task);
      // As when the server stops: the attempt does not count.
      await save({ state: 'queued', attempt: task.attempt - 1, progress: undefined }).catch(() => undefined);
      return;
    }
    if (!(error instanceof ProblemError)) {
      onError(task, error);
    }
    try {
      await finish(() => save(failed(error, clock)), signal);
    } catch (unsaved) {
      if (!(unsaved instanceof TaskConflict)) {
        onError(task, unsaved);
      }
      lookAgain(task, signal);
    }
  }

  /**
   * Nobody knows here how the task stands: it may have been ended, by a write of this process even whose answer got lost.
   * It is begun by a write again, which fails until the view has heard of that.
   */
  function lookAgain(task: Task, signal: AbortSignal): void {
    begun.delete(task.id);
    if (!signal.aborted) {
      pauses.begin(taskKey(task), { lookAgainMs: RETRY.initialMs });
    }
  }

  /** The first task of a release is looked at again after a pause that grows with each failure. */
  function pauseLonger(task: Task): void {
    const failed = (failures.get(task.id) ?? 0) + 1;
    failures.set(task.id, failed);
    pauses.begin(taskKey(task), { lookAgainMs: backoffMs(failed, RETRY) });
  }

  /** What a task came to has to be written, however long the cluster is away. */
  async function finish(write: () => Promise<Task>, signal: AbortSignal): Promise<void> {
    for (let failed = 1; ; failed += 1) {
      try {
        const { id } = await write();
        begun.delete(id);
        failures.delete(id);
        return;
      } catch (error) {
        if (!(error instanceof ProblemError && error.code === 'CLUSTER_UNREACHABLE')) {
          throw error;
        }
        await sleep(clock, backoffMs(failed, RETRY), signal);
      }
    }
  }

  function cancelAll(reason: Error): void {
    held.forEach((running) => running?.abort.abort(reason));
  }

  /** What waits may be ended by who leads next, before this process hears of it. */
  function loseLead(): void {
    begun.clear();
    cancelAll(new Error('the lead was lost'));
  }

  async function allEnded(): Promise<void> {
    while ([...held.values()].some((running) => running !== null)) {
      await Promise.all([...held.values()].flatMap((running) => (running === null ? [] : [running.ended])));
    }
  }

  return {
    reserve(key) {
      if (
        !mayTake() ||
        held.has(key) ||
        pauses.has(key) ||
        held.size >= parallel ||
        store.unfinishedOf(key).length > 0
      ) {
        return null;
      }
      held.set(key, null);
      return {
        start: begin,
        cancel() {
          held.delete(key);
          pump();
        },
      };
    },
    async run(signal) {
      await Promise.race([deps.complete, whenAborted(signal)]);
      taking = !signal.aborted;
      signal.addEventListener('abort', () => (taking = false), { once: true });
      const unsubscribe = [store.subscribe(hear), leadership.subscribe((leading) => (leading ? pump() : loseLead()))];
      pump();
      await whenAborted(signal);
      unsubscribe.forEach((stop) => stop());
      pauses.endAll();
      const cancelGrace = clock.after(graceMs, () => cancelAll(new ServerStops()));
      await allEnded();
      cancelGrace();
    },
  };
}
