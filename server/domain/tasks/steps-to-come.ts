import { isFinished, partId, type Task } from './task.ts';

/** The releases that the task of a project changes, in the order of its parts; none of which it only creates. */
export function releasesToChange({ order }: Task): string[] {
  return order.kind === 'applyProject' || order.kind === 'changeProject'
    ? order.steps.map(({ release }) => release)
    : [];
}

/**
 * Whether the unfinished task of a project is still to change a release, of whose tasks `own` are known: that step will use
 * the outputs of its providers as they are then, so no other change needs to upgrade it before.
 */
export function hasStepToCome(project: Task, release: string, own: readonly Task[]): boolean {
  const at = releasesToChange(project).indexOf(release);
  const id = partId(project, at);
  return at >= 0 && !isFinished(project) && !own.some((task) => task.id === id && isFinished(task));
}
