import type { ProjectFailure, TaskState } from '../tasks/task.ts';
import { planProject, type ProjectMove, type ProjectStep } from './project-plan.ts';

/** A release task of an applied project, and the task that undoes it (null: not created). */
export type AppliedStep = ProjectStep & {
  /** Whether it changed something that can be undone. */
  undoable: boolean;
  /** Whether it removes a release. */
  removal: boolean;
  undo: TaskState | null;
};

/** The next step of the task of an applied project. */
export type AppliedMove = ProjectMove | { do: 'undo'; releases: string[] };

/**
 * Decides from the existing release tasks, as `planProject`. With `rollback`, a failure is reported only after what was done
 * is undone: each release after those that come after it. One whose undoing fails stays, and so does what comes before
 * it. A failed removal undoes nothing, because everything else is as it was asked for by then.
 */
export function planAppliedProject(steps: readonly AppliedStep[], onFailure: ProjectFailure): AppliedMove {
  const move = planProject(steps);
  const failed = move.do === 'fail' ? steps.find(({ release }) => release === move.release) : undefined;
  if (failed === undefined || onFailure === 'stop' || failed.removal) {
    return move;
  }
  const undone = new Set(steps.filter(({ undoable, undo }) => !undoable || undo === 'succeeded').map(nameOf));
  const running = steps.filter(({ undo }) => undo === 'queued' || undo === 'running');
  const startable = steps.filter(
    ({ release, undoable, undo }) =>
      undoable && undo === null && steps.every((other) => !other.after.includes(release) || undone.has(other.release)),
  );
  if (startable.length > 0) {
    return { do: 'undo', releases: startable.map(nameOf) };
  }
  return running.length > 0 ? { do: 'wait', releases: running.map(nameOf) } : move;
}

function nameOf({ release }: Pick<ProjectStep, 'release'>): string {
  return release;
}
