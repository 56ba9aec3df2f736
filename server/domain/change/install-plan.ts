import { wasApplied } from '../revisions/applied-revision.ts';
import { isInProgress } from '../revisions/in-progress.ts';
import { asString, valueAt } from '../json/json-reading.ts';
import { wasInterrupted } from '../revisions/interruption.ts';
import type { JsonObject } from '../json/json.ts';
import { TASK_ANNOTATION } from '../release/release-config.ts';

/** A revision in Helm's history; `updated` is RFC 3339. */
export type SeenRevision = { revision: number; status: string; updated: string; description: string };

/** The observed state of a release before a task acts on it; revisions oldest first. */
export type ReleaseSnapshot = {
  history: readonly SeenRevision[];
  /** ReleaseConfig of the revision with the number that the task wrote, wherever it is; null if there is none. */
  ownConfig: JsonObject | null;
};

/** The next step of an install. */
export type InstallStep =
  | { do: 'install'; revision: number }
  /** The revision of this task exists and is done: only the response was lost, nothing is left to do. */
  | { do: 'finish'; revision: number }
  /** The revision of this task failed, or was left unfinished: remove it first. */
  | { do: 'clear'; revision: number; failure: string | null }
  | { do: 'refuse'; revision: number }
  /** Another client's operation locks the release; `since` is RFC 3339. */
  | { do: 'wait'; revision: number; status: string; since: string };

/**
 * Whether the newest revision is deployed while an earlier one still has that status: its writer crashed in between.
 */
export function hasUnsuperseded(history: readonly SeenRevision[]): boolean {
  return history.at(-1)?.status === 'deployed' && history.filter(({ status }) => status === 'deployed').length > 1;
}

/** Whether Helm allows a new release of this name: no record, uninstalled, or only failed revisions. */
export function isNameFree(history: readonly SeenRevision[]): boolean {
  const newest = history.at(-1);
  return newest === undefined || newest.status === 'uninstalled' || history.every(({ status }) => status === 'failed');
}

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
      : asString(valueAt(ownConfig ?? {}, 'metadata', 'annotations', TASK_ANNOTATION)) === task.id;
  return isOwn ? own : undefined;
}

/** Whether the revision that this task wrote came true, newest or not. */
export function hasComeTrue(task: Writer, seen: ReleaseSnapshot): boolean {
  const own = ownRevision(task, seen);
  return own !== undefined && (own === seen.history.at(-1) ? own.status === 'deployed' : wasApplied(own));
}

/** Whether the newest revision was written by this task. */
export function isWrittenBy(task: Writer, seen: ReleaseSnapshot): boolean {
  const own = ownRevision(task, seen);
  return own !== undefined && own === seen.history.at(-1);
}

/**
 * Decides from what is observed, never from memory: an interrupted install continues by observing again (decision 26:
 * tasks are durable).
 */
export function planInstall(task: { id: string; revision?: number }, seen: ReleaseSnapshot): InstallStep {
  const newest = seen.history.at(-1);
  if (newest === undefined) {
    return { do: 'install', revision: 1 };
  }
  const { revision, status } = newest;
  const own = ownRevision(task, seen);
  if (own !== undefined && own !== newest && wasApplied(own)) {
    return { do: 'finish', revision: own.revision };
  }
  if (own === newest) {
    if (status === 'deployed') {
      return { do: 'finish', revision };
    }
    if (status === 'failed' || isInProgress(status)) {
      const failed = status === 'failed' && !wasInterrupted(task.id, newest.description);
      return { do: 'clear', revision, failure: failed ? newest.description : null };
    }
  }
  if (isInProgress(status)) {
    return { do: 'wait', revision, status, since: newest.updated };
  }
  return isNameFree(seen.history) ? { do: 'install', revision: revision + 1 } : { do: 'refuse', revision };
}
