import { asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { TASK_ANNOTATION } from '../release/release-config.ts';
import { wasApplied } from '../revisions/applied-revision.ts';
import { type HelmStatus, isDeployed, isInProgress } from '../revisions/helm-status.ts';
import type { SeenRevision } from '../revisions/history.ts';

/** What is observed of a release before a task acts on it; revisions oldest first. */
export type ReleaseSnapshot = {
  history: readonly SeenRevision[];
  /** ReleaseConfig of the revision with the number that the task wrote, wherever it stands; null when there is none. */
  ownConfig: JsonObject | null;
};

/** The step of every plan where somebody else's operation holds the release; `since` is RFC 3339. */
export type WaitForLock = { do: 'wait'; revision: number; status: HelmStatus; since: string };

/** What a task has to tell for its revision to be known as its own. */
export type Writer = { id: string; revision?: number; order?: { kind: string }; createdAt?: string };

/**
 * The revision that this task wrote, newest or not: others may have gone on before it was known to be done (decision 30).
 * The one that a detachment writes bears no mark of Walm: it is known by its number and its time.
 */
export function ownRevision(task: Writer, { history, ownConfig }: ReleaseSnapshot): SeenRevision | undefined {
  const own = history.find(({ revision }) => revision === task.revision);
  if (own === undefined) {
    return undefined;
  }
  const isOwn =
    ownConfig === null && task.order?.kind === 'detach' && task.createdAt !== undefined
      ? Date.parse(own.updated) >= Date.parse(task.createdAt)
      : asString(valueAt(ownConfig ?? {}, 'metadata', 'annotations', TASK_ANNOTATION)) === task.id;
  return isOwn ? own : undefined;
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

/** That the release has to be waited for; null where its newest revision is none that an operation is at work on. */
export function lockOf({ revision, status, updated }: SeenRevision): WaitForLock | null {
  return isInProgress(status) ? { do: 'wait', revision, status, since: updated } : null;
}
