import type { ProjectInfo } from '../../../contract/schemas/project.ts';
import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import { isFinished, type Task, toTaskInfo } from '../tasks/task.ts';

/**
 * How long a failed project of which nothing was installed is still shown, as for a release (decision 10: a failed
 * first install).
 */
const FAILED_PROJECT_SHOWN_MS = 5 * 60_000;

/**
 * The answer about a project: its releases, and the progress of its latest task, in the original Walm's words. Null if
 * there is no such project: no release, and no task that is unfinished or failed a moment ago. `nowMs` in milliseconds
 * since the epoch.
 */
export function describeProject(
  { namespace, name }: { namespace: string; name: string },
  releases: readonly ReleaseInfo[],
  task: Task | undefined,
  nowMs: number,
): ProjectInfo | null {
  const said = task === undefined ? undefined : taskMessage(task);
  if (releases.length === 0 && (task === undefined || said === undefined || isLongOver(task, nowMs))) {
    return null;
  }
  const unready = releases.find(({ ready }) => !ready);
  return {
    name,
    namespace,
    releases: [...releases],
    ready: said === undefined && unready === undefined,
    message: said ?? unready?.message ?? '',
    ...(task !== undefined && said !== undefined && { task: toTaskInfo(task) }),
  };
}

/** Undefined if the task succeeded. */
function taskMessage(task: Task): string | undefined {
  if (!isFinished(task)) {
    return `please wait for the project latest task ${task.id} finished`;
  }
  return task.state === 'succeeded'
    ? undefined
    : `the project latest task ${task.id} failed : ${task.error?.message ?? task.state}`;
}

function isLongOver(task: Task, nowMs: number): boolean {
  return isFinished(task) && nowMs - Date.parse(task.finishedAt ?? '') >= FAILED_PROJECT_SHOWN_MS;
}
