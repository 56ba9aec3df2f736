import { asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { TASK_ANNOTATION } from '../release/release-config.ts';
import { wasApplied } from '../revisions/applied-revision.ts';
import { type HelmStatus, isDeployed, isInProgress, isPending } from '../revisions/helm-status.ts';
import type { SeenRevision } from '../revisions/history.ts';

/** The observed state of a release before a task acts on it; revisions oldest first. */
export type ReleaseSnapshot = {
  history: readonly SeenRevision[];
  /** ReleaseConfig of the revision with the number that the task wrote, wherever it is; null if there is none. */
  ownConfig: JsonObject | null;
};

/** The step of every plan while another client's operation locks the release; `since` is RFC 3339. */
export type WaitForLock = { do: 'wait'; revision: number; status: HelmStatus; since: string };

/** The facts of a task by which its revision is recognised. */
export type Writer = { id: string; revision?: number; order?: { kind: string }; createdAt?: string };

/**
 * The revision that this task wrote, newest or not: others may have followed before it was known to be done (decision
 * 30: when a locked release is unlocked). The one that a detachment writes has no mark of Walm: it is recognised by its
 * number and its time.
 */
export function ownRevision(task: Writer, { history, ownConfig }: ReleaseSnapshot): SeenRevision | undefined {
  const own = history.find(({ revision }) => revision === task.revision);
  if (own === undefined) {
    return undefined;
  }
  const isOwn =
    ownConfig === null && task.order?.kind === 'detach' && task.createdAt !== undefined
      ? Date.parse(own.updated) >= Date.parse(task.createdAt)
      : writerOf(ownConfig) === task.id;
  return isOwn ? own : undefined;
}

/** The task that wrote the revision with this ReleaseConfig; '' if it does not say. */
function writerOf(config: JsonObject | null): string {
  return asString(valueAt(config ?? {}, 'metadata', 'annotations', TASK_ANNOTATION));
}

/**
 * Whether an operation that locks a release is what a task left, by the number and the mark of its revision: plain Helm
 * copies the mark to others (rollback), and sets another status without changing it (uninstall).
 */
export function isLeftBy(
  task: Writer,
  { revision, status }: Pick<WaitForLock, 'revision' | 'status'>,
  { ownConfig }: Pick<ReleaseSnapshot, 'ownConfig'>,
): boolean {
  return isPending(status) && task.revision === revision && writerOf(ownConfig) === task.id;
}

/** Whether the revision that this task wrote came true, newest or not. */
export function hasComeTrue(task: Writer, seen: ReleaseSnapshot): boolean {
  const own = ownRevision(task, seen);
  return own !== undefined && (own === seen.history.at(-1) ? isDeployed(own.status) : wasApplied(own));
}

/** Whether the newest revision was written by this task. */
export function isWrittenBy(task: Writer, seen: ReleaseSnapshot): boolean {
  const own = ownRevision(task, seen);
  return own !== undefined && own === seen.history.at(-1);
}

/** The step that waits for the operation that locks a revision; null if none does. */
export function lockOf({ revision, status, updated }: SeenRevision): WaitForLock | null {
  return isInProgress(status) ? { do: 'wait', revision, status, since: updated } : null;
}
