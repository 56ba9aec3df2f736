import { wasApplied } from '../revisions/applied-revision.ts';
import { isInProgress } from '../revisions/in-progress.ts';
import { asString, valueAt } from '../json/json-reading.ts';
import { wasInterrupted } from '../revisions/interruption.ts';
import type { JsonObject } from '../json/json.ts';
import { TASK_ANNOTATION } from '../release/release-config.ts';

/** A revision as Helm's history shows it; `updated` is RFC 3339. */
export type SeenRevision = { revision: number; status: string; updated: string; description: string };

/** What is observed of a release before a task acts on it; revisions oldest first. */
export type ReleaseSnapshot = {
  history: readonly SeenRevision[];
  /** ReleaseConfig of the revision with the number that the task wrote, wherever it stands; null when there is none. */
  ownConfig: JsonObject | null;
};

/** What an install has to do next. */
export type InstallStep =
  | { do: 'install'; revision: number }
  /** The revision of this very task is there and done: the answer got lost, nothing is left to do. */
  | { do: 'finish'; revision: number }
  /** The revision of this very task failed, or was left in the middle: clear it away first. */
  | { do: 'clear'; revision: number; failure: string | null }
  | { do: 'refuse'; revision: number }
  /** Somebody else's operation holds the release; `since` is RFC 3339. */
  | { do: 'wait'; revision: number; status: string; since: string };

/** Whether the newest revision is deployed while an earlier one still says so of itself: who wrote it died in between. */
export function hasUnsuperseded(history: readonly SeenRevision[]): boolean {
  return history.at(-1)?.status === 'deployed' && history.filter(({ status }) => status === 'deployed').length > 1;
}

/** Whether Helm lets a new release take the name: nothing recorded, uninstalled, or never anything but failed. */
export function isNameFree(history: readonly SeenRevision[]): boolean {
  const newest = history.at(-1);
  return newest === undefined || newest.status === 'uninstalled' || history.every(({ status }) => status === 'failed');
}

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

/** Whether the newest revision was written by this task. */
export function isWrittenBy(task: Writer, seen: ReleaseSnapshot): boolean {
  const own = ownRevision(task, seen);
  return own !== undefined && own === seen.history.at(-1);
}

/**
 * Decides from what is seen, never from what is remembered: an install that was interrupted anywhere carries on by
 * looking again (decision 26).
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
