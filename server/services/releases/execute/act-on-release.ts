import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import type { ReleaseSnapshot, WaitForLock } from '../../../domain/change/seen-release.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import type { AwaitUnlock } from './await-unlock.ts';

export type ActOnReleaseDeps = { observeRelease: ObserveRelease; awaitUnlock: AwaitUnlock };

/** What a step is carried out with. */
export type Look = {
  /** The task as it is durable now. */
  task: Task;
  /** The release as the step was decided on it. */
  seen: ReleaseSnapshot;
  /** Whether it was seen while the task was accepted: what was read with it then still holds. */
  isFresh: boolean;
  /** Whether one more race with somebody else may be lost. */
  mayLose: boolean;
  /** Makes a change of the task durable; the next look is at what came of it. */
  save: TaskRun['save'];
};

/** What came of a step: the run is over, or the release has to be looked at again, perhaps because somebody was faster. */
export type Acted = TaskResult | 'look again' | 'lost a race';

/** How a kind of task acts: what it decides, purely, and how it carries a step out. */
export type WayToAct<Step extends { do: string }> = {
  call: EngineCall;
  /** Whether the plan asks what the revision of the task itself holds: that is a read more. */
  knowsOwn: boolean;
  decide: (task: Task, seen: ReleaseSnapshot) => Step | WaitForLock;
  act: (step: Step, look: Look) => Promise<Acted>;
};

/**
 * The one way in which a task acts on a release, from whatever state an earlier run left (decision 26: what is seen
 * decides, never what is remembered): it looks, decides, acts, and looks again until a step ends the run. Somebody else's
 * operation is waited for (decision 30: a lock is waited for, or ended).
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

function isLock(step: { do: string }): step is WaitForLock {
  return step.do === 'wait';
}
