import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import type { ReleaseSnapshot, WaitForLock } from '../../../domain/change/seen-release.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import type { AwaitUnlock } from './await-unlock.ts';

export type ActOnReleaseDeps = { observeRelease: ObserveRelease; awaitUnlock: AwaitUnlock };

/** The context of a step. */
export type Look = {
  /** The task as it is stored now. */
  task: Task;
  /** The observation that the step was decided on. */
  seen: ReleaseSnapshot;
  /** Whether that observation was made when the task was accepted: what was read with it then still holds. */
  isFresh: boolean;
  /** Whether one more race with another client may be lost. */
  mayLose: boolean;
  /** Stores a change of the task; the next step gets the task with it. */
  save: TaskRun['save'];
};

/** The outcome of a step: the end of the run, or that the release must be observed again, e.g. after a lost race. */
export type Acted = TaskResult | 'look again' | 'lost a race';

/** How a kind of task acts: a pure decision, and the execution of its steps. */
export type WayToAct<Step extends { do: string }> = {
  call: EngineCall;
  /** Whether the plan needs the ReleaseConfig of the task's own revision, which costs another read. */
  knowsOwn: boolean;
  decide: (task: Task, seen: ReleaseSnapshot) => Step | WaitForLock;
  act: (step: Step, look: Look) => Promise<Acted>;
};

/**
 * Carries out a task on a release from any state that an earlier run left (decision 26: tasks are durable): it observes,
 * decides, acts, and observes again until a step ends the run. If another client's operation locks the release, it waits
 * (decision 30: when a locked release is unlocked).
 */
export async function actOnRelease<Step extends { do: string }>(
  { observeRelease, awaitUnlock }: ActOnReleaseDeps,
  task: Task,
  run: TaskRun,
  { call, knowsOwn, decide, act }: WayToAct<Step>,
): Promise<TaskResult> {
  const target = { identity: task.caller, namespace: task.namespace, name: task.release };
  let current = task;
  let lost = 0;
  const save: TaskRun['save'] = async (changes) => {
    current = await run.save(changes);
    return current;
  };
  for (let fresh = run.fresh?.seen; ; fresh = undefined) {
    const { revision, ...place } = current;
    const observed = { ...place, identity: task.caller, ...(knowsOwn && revision !== undefined && { revision }) };
    const seen = fresh ?? (await observeRelease(observed, call));
    const step = decide(current, seen);
    if (isLock(step)) {
      const later = await awaitUnlock(target, { ...step, force: task.force === true }, run);
      if (later !== null) {
        return later;
      }
      continue;
    }
    const look = { task: current, seen, isFresh: fresh !== undefined, mayLose: lost < MAX_RACES, save };
    const acted = await act(step, look);
    if (typeof acted === 'object') {
      return acted;
    }
    lost += acted === 'lost a race' ? 1 : 0;
  }
}

/** Problems of the engine that mean another writer was faster: the release has to be observed again. */
const LOST_RACE: ReadonlySet<string> = new Set(['RELEASE_LOCKED', 'REVISION_MISMATCH']);

/** Whether an operation of the engine failed because another process changed the release since it was observed. */
export function isLostRace(error: unknown): error is ProblemError {
  return error instanceof ProblemError && LOST_RACE.has(error.code);
}

function isLock(step: { do: string }): step is WaitForLock {
  return step.do === 'wait';
}
