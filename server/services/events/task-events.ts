import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { isFinished, type Task, toTaskInfo } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

/** Minimum time between two events that tell the progress of one task. */
const PROGRESS_MS = 250;

/** What was told of an unfinished task. */
type Told = { facts: string; progress: string; at: number; cancelTimer: (() => void) | null };

/** Takes every task that was added, changed or removed, as a task store reports them. */
export type TaskEvents = (task: Task, removed: boolean) => void;

/**
 * Tells the changes of tasks: everything but progress at once, progress at most four times a second per task, and
 * nothing twice. The latest progress is always told in the end, unless the task ends before.
 */
export function createTaskEvents(clock: Clock, tell: (info: TaskInfo) => void): TaskEvents {
  const known = new Map<string, Told>();

  function forget(id: string): void {
    known.get(id)?.cancelTimer?.();
    known.delete(id);
  }

  function tellNow(task: Task, facts: string): void {
    forget(task.id);
    known.set(task.id, { facts, progress: progressOf(task), at: clock.now(), cancelTimer: null });
    tell(toTaskInfo(task));
  }

  return function takeTask(task, removed) {
    if (removed) {
      forget(task.id);
      return;
    }
    if (isFinished(task)) {
      forget(task.id);
      tell(toTaskInfo(task));
      return;
    }
    const before = known.get(task.id);
    const facts = factsOf(task);
    if (before?.facts !== facts) {
      tellNow(task, facts);
      return;
    }
    before.cancelTimer?.();
    before.cancelTimer = null;
    if (progressOf(task) === before.progress) {
      return;
    }
    const waitMs = before.at + PROGRESS_MS - clock.now();
    if (waitMs <= 0) {
      tellNow(task, facts);
    } else {
      before.cancelTimer = clock.after(waitMs, () => tellNow(task, facts));
    }
  };
}

function factsOf(task: Task): string {
  return JSON.stringify(toTaskInfo({ ...task, progress: undefined }));
}

function progressOf({ progress }: Task): string {
  return JSON.stringify(progress ?? null);
}
