import { type ApplyProjectOrder, isFinished, isPartOf, type Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { CancelTask } from '../tasks/cancel-task.ts';
import { appliedParts, findParts, partsOf, reportSteps, type StepReport } from './project-steps.ts';

export type CancelProjectDeps = {
  store: Pick<TaskStore, 'find' | 'unfinished'>;
  cancelTask: CancelTask;
  clock: Pick<Clock, 'after'>;
};

/** Long enough for every release task to be stopped and undone; anything slower carries on in the background. */
const WAIT_MS = 60_000;

/** Cancels the unfinished release tasks of a project task; returns which ones, and of an applied project how far each step got. Throws when one could not be asked to stop. */
export type CancelProject = (task: Task) => Promise<Record<string, unknown>>;

export function createCancelProject({ store, cancelTask, clock }: CancelProjectDeps): CancelProject {
  async function stepsOf(task: Task, { steps }: ApplyProjectOrder): Promise<{ steps: StepReport[] }> {
    const parts = appliedParts(task, steps);
    await findParts(store, parts);
    return { steps: reportSteps(parts) };
  }

  /** Looks for them in the cluster, too: the view may not show yet what was created a moment ago, and that would go on. */
  async function unfinishedParts(task: Task): Promise<string[]> {
    const shown = store.unfinished().map((stored) => stored.task.id);
    const parts = partsOf(task);
    await findParts(store, parts);
    if (task.order.kind === 'applyProject') {
      const undoing = appliedParts(task, task.order.steps)
        .filter((_, at) => (parts[at]?.task ?? null) !== null)
        .map(({ undo }) => undo);
      await findParts(store, undoing);
      parts.push(...undoing);
    }
    const found = parts.flatMap(({ id, task: own }) => (own === null || isFinished(own) ? [] : [id]));
    return [...new Set([...shown.filter((id) => isPartOf(id, task)), ...found])];
  }

  return async function cancelProject(task) {
    const parts = await unfinishedParts(task);
    const late = new AbortController();
    const callOff = clock.after(WAIT_MS, () => late.abort());
    const ends = await Promise.allSettled(parts.map((id) => cancelTask(id, task.caller, late.signal)));
    callOff();
    const unasked = ends.find((end) => end.status === 'rejected' && !late.signal.aborted && !isOver(end.reason));
    if (unasked?.status === 'rejected') {
      throw unasked.reason;
    }
    return { releaseTasks: parts, ...(task.order.kind === 'applyProject' && (await stepsOf(task, task.order))) };
  };
}

/** Ends of a cancelling after which the part is finished, or stops by itself. */
const OVER = new Set<string>(['TASK_FINISHED', 'TASK_NOT_FOUND', 'TIMEOUT_REACHED']);

function isOver(error: unknown): boolean {
  return error instanceof ProblemError && OVER.has(error.code);
}
