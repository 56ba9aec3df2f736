import { FinalProblem } from '../../domain/errors/too-many-attempts.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { hasPlace, nextTasks, type TakenPlace } from '../../domain/tasks/task-queue.ts';
import { isFinished, isFollowing, type Task, taskKey } from '../../domain/tasks/task.ts';
import { backoffMs } from '../../../contract/backoff.ts';
import { type Clock, sleep, timestamp, whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import type {
  FreshKnowledge,
  TaskExecutor,
  TaskExecutors,
  TaskResult,
  TaskRun,
} from '../../services/tasks/task-executor.ts';
import type { TaskStarter } from '../../services/tasks/task-starter.ts';
import { createProgressNotes, type NotedProgress, nothingNoted, type ProgressNotes } from './progress-notes.ts';
import { createTaskDelays } from './task-delays.ts';
import { cancelledBy, CancelRequested, failed, ServerStops, succeeded } from './task-ending.ts';

export type TaskRunnerDeps = {
  /** Resolves once the objects, the releases and the tasks of the cluster are known: tasks rely on all of them. */
  complete: Promise<unknown>;
  store: TaskStore;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  /** By the kind of the task's order. */
  executors: TaskExecutors;
  clock: Clock;
  /**
   * Refuses a task whose caller has lost the right since it was accepted (decision 31: rights are checked again when a
   * task starts).
   */
  authorize: (task: Task) => Promise<void>;
  /**
   * Brings a release into a definite state after its task was cancelled; returns details for the task. Null: the operation
   * was faster, and is done.
   */
  undoCancelled: (task: Task) => Promise<Record<string, unknown> | null>;
  /** Maximum number of releases changed in parallel. */
  parallel: number;
  /** During shutdown: how long running tasks may continue before they are cancelled and handed back. */
  graceMs: number;
  /** Called for every run that ended unexpectedly; expected failures of tasks are not reported. */
  onError: (task: Task, error: unknown) => void;
};

/** Runs the tasks that any replica accepted, while this one leads. */
export type TaskRunner = TaskStarter & {
  /** Runs tasks until the signal is aborted; then finishes the running ones or hands them back. */
  run(signal: AbortSignal): Promise<void>;
};

/** Failures that leave the outcome unknown: the state is observed again, as after a restart. */
const UNCERTAIN = new Set<string>(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE']);
/** Failures before anything was started: the accepted task waits for its turn, however long that takes. */
const NOT_BEGUN = new Set<string>(['ENGINE_BUSY']);
const RETRY = { initialMs: 500, maxMs: 15_000 };

type Running = { id: string; abort: AbortController; ended: Promise<void> };
/** A release that is being changed, or held by a reservation: then without a run. */
type Held = { place: TakenPlace; run: Running | null };

export function createTaskRunner(deps: TaskRunnerDeps): TaskRunner {
  const { store, leadership, executors, clock, authorize, undoCancelled, parallel, graceMs, onError } = deps;
  const held = new Map<ReleaseKey, Held>();
  const delays = createTaskDelays(clock, pump);
  /**
   * Tasks that this process has started in this term, with what others know of their progress: other `running` tasks
   * were left by a process that is gone.
   */
  const started = new Map<string, NotedProgress>();
  const failures = new Map<string, number>();
  let taking = false;
  let pumping = false;
  let pumpAgain = false;

  const takenPlaces = () => [...held.values()].map(({ place }) => place);
  const mayTake = () => taking && leadership.isLeader();

  /** Starts every task that can run. Starting a task writes it, which calls back here: then the loop runs once more. */
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
    const busy = new Set([...held.keys(), ...delays.keys()]);
    const chosen = nextTasks(
      waiting.map(({ task }) => task),
      { busy, running: takenPlaces(), parallel },
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
    // Reserved before anything is written: the first write already notifies of a task to run.
    const place = placeOf(stored.task, isFollowing(stored.task));
    held.set(key, { place, run: { id: stored.task.id, abort, ended } });
    void work(stored, abort.signal, fresh).finally(() => {
      held.delete(key);
      resolve();
      pump();
    });
  }

  /** A task was added or changed, by this process or another one. */
  function hear(task: Task): void {
    const key = taskKey(task);
    const running = held.get(key)?.run;
    if (task.cancelRequest !== undefined && !isFinished(task)) {
      if (running?.id === task.id) {
        running.abort.abort(new CancelRequested(task.cancelRequest.by));
      }
      delays.end(key);
    }
    if (!isFinished(task) || task.state === 'cancelled') {
      pump();
    }
  }

  /** The table ties each kind to its order, which the compiler cannot follow through a lookup. */
  const executorOf = ({ order }: Task) => executors[order.kind] as TaskExecutor;

  async function work(stored: StoredTask, signal: AbortSignal, fresh?: FreshKnowledge): Promise<void> {
    const { id } = stored.task;
    let current = stored;
    const write = async (changes: Partial<Task>) => {
      try {
        current = await store.update(current, { ...current.task, ...changes });
      } catch (error) {
        // A running task is changed by others only to request its cancellation.
        const newer = error instanceof TaskConflict ? await store.find(id) : null;
        if (newer?.task.cancelRequest === undefined || isFinished(newer.task)) {
          throw error;
        }
        current = await store.update(newer, { ...newer.task, ...changes });
      }
      return current.task;
    };
    // One after the other: each write is based on the one before.
    let writing: Promise<unknown> = Promise.resolve();
    const save = (changes: Partial<Task>) => {
      const saved = writing.then(() => write(changes));
      writing = saved.catch(() => undefined);
      return saved;
    };
    try {
      if (fresh === undefined && !started.has(id)) {
        // Also checked for a task that another process started: it continues as its caller, or not at all.
        await authorize(current.task);
        const { attempt, startedAt = timestamp(clock) } = current.task;
        await save({ state: 'running', attempt: attempt + 1, startedAt });
      }
      const noted = started.get(id) ?? nothingNoted(current.task, clock);
      started.set(id, noted);
      // Also if the cancellation was written just before the task was started.
      const newest = store.unfinishedOf(taskKey(current.task)).find(({ task }) => task.id === id);
      if (newest?.task.cancelRequest !== undefined) {
        throw new CancelRequested(newest.task.cancelRequest.by);
      }
      const notes = createProgressNotes(clock, noted, {
        show: (progress) => store.report(id, progress),
        write: (progress) => save({ progress }),
      });
      const run = { signal, save, report: notes.note, ...(fresh && { fresh }) };
      const result = await executeNoted(current.task, run, notes);
      if ('recheckMs' in result) {
        if (signal.aborted) {
          started.delete(id);
        }
        delays.begin(taskKey(current.task), result);
        return;
      }
      const outcome = succeeded(current.task, result, clock);
      // Callers need not wait for the write: the change is in the cluster, and is found there after a crash.
      const takeBack = store.announce(current, { ...current.task, ...outcome });
      try {
        await finish(() => save(outcome), signal);
      } catch (unwritten) {
        // Otherwise a lead that returns at once would never look at a task that only seems finished.
        takeBack();
        throw unwritten;
      }
    } catch (error) {
      await settle(error, current.task, signal, save);
    }
  }

  /** A run is over when nothing of its progress is on its way to the task any more. */
  async function executeNoted(task: Task, run: TaskRun, notes: ProgressNotes): Promise<TaskResult> {
    try {
      return await executorOf(task)(task, run);
    } finally {
      await notes.end();
    }
  }

  /** Ends a run that threw. An interrupted task stays `running`: the next leader observes it again. */
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
        if (details === null) {
          return await complete(task, save);
        }
        await save(cancelledBy(cancelled.by, details, clock));
        started.delete(task.id);
        return;
      } catch (unfinished) {
        // The signal is not aborted any more: the task is retried like every failed one.
        return settle(unfinished, task, new AbortController().signal, save);
      }
    }
    if (signal.reason instanceof ServerStops) {
      started.delete(task.id);
      // The task is queued again, and the attempt does not count, because the shutdown was not its fault. If that
      // cannot be written, the task stays `running` and is taken over as after a crash.
      await save({ state: 'queued', attempt: task.attempt - 1, progress: undefined }).catch(() => undefined);
      return;
    }
    if (error instanceof TaskConflict || signal.aborted) {
      lookAgain(task, signal);
      return;
    }
    if (error instanceof ProblemError && UNCERTAIN.has(error.code) && !(error instanceof FinalProblem)) {
      onError(task, error);
      started.delete(task.id);
      pauseLonger(task);
      return;
    }
    if (error instanceof ProblemError && NOT_BEGUN.has(error.code)) {
      started.delete(task.id);
      pauseLonger(task);
      // As during shutdown, the attempt does not count.
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

  /** Ends a task that is done although its cancellation was requested: its executor determines the result. */
  async function complete(task: Task, save: (changes: Partial<Task>) => Promise<Task>): Promise<void> {
    const { signal } = new AbortController();
    const report = (progress: NonNullable<Task['progress']>) => store.report(task.id, progress);
    const result = await executorOf(task)(task, { signal, save, report });
    if ('recheckMs' in result) {
      delays.begin(taskKey(task), result);
      return;
    }
    await save(succeeded(task, result, clock));
    started.delete(task.id);
  }

  /**
   * The state of the task is unknown here: it may have ended, even by a write of this process whose response was lost.
   * It is started again by a write, which fails until the view has seen that change.
   */
  function lookAgain(task: Task, signal: AbortSignal): void {
    started.delete(task.id);
    if (!signal.aborted) {
      delays.begin(taskKey(task), { recheckMs: RETRY.initialMs });
    }
  }

  /** The first task of a release is retried after a backoff that grows with each failure. */
  function pauseLonger(task: Task): void {
    const failed = (failures.get(task.id) ?? 0) + 1;
    failures.set(task.id, failed);
    delays.begin(taskKey(task), { recheckMs: backoffMs(failed, RETRY) });
  }

  /** The end of a task has to be written, however long the cluster is unreachable. */
  async function finish(write: () => Promise<Task>, signal: AbortSignal): Promise<void> {
    for (let failed = 1; ; failed += 1) {
      try {
        const { id } = await write();
        started.delete(id);
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
    held.forEach(({ run }) => run?.abort.abort(reason));
  }

  /** The next leader may end a waiting task before this process notices. */
  function loseLead(): void {
    started.clear();
    cancelAll(new Error('the lead was lost'));
  }

  const runningNow = () => [...held.values()].flatMap(({ run }) => run ?? []);

  async function allEnded(): Promise<void> {
    for (let runs = runningNow(); runs.length > 0; runs = runningNow()) {
      await Promise.all(runs.map(({ ended }) => ended));
    }
  }

  return {
    reserve(task) {
      const key = taskKey(task);
      if (
        !mayTake() ||
        held.has(key) ||
        delays.has(key) ||
        !hasPlace({ caller: task.caller, following: false }, takenPlaces(), parallel) ||
        store.unfinishedOf(key).length > 0
      ) {
        return null;
      }
      held.set(key, { place: placeOf(task, false), run: null });
      return {
        holds: mayTake,
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
      delays.endAll();
      const cancelGrace = clock.after(graceMs, () => cancelAll(new ServerStops()));
      await allEnded();
      cancelGrace();
    },
  };
}

function placeOf({ namespace, caller }: Task, following: boolean): TakenPlace {
  return { namespace, caller, following };
}
