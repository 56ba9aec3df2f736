import { isInProgress } from './in-progress.ts';
import { isInterruption } from './interruption.ts';

/** The facts that decide whether a revision was applied; `description` is Helm's, absent if only its mark is known. */
export type KeptRevision = { revision: number; status: string; description?: string };

/** A revision above the applied one that failed or is in progress. */
export type Attempt = {
  revision: number;
  /** Helm's status: `failed`, or that of an operation in progress. */
  status: string;
  /** RFC 3339. */
  at: string;
  /** Helm's description. */
  message: string;
};

/** A delete marks the applied revision, or the failed attempt above it. */
const UNINSTALLING = 'uninstalling';

/** The beginning of Helm's description of a failed attempt, even if Helm marked it as superseded later. */
const FAILURE = /^(Upgrade|Rollback|Release) "[^"]*" failed: /;

/**
 * The newest revision of a history (oldest first) that was really applied: the next change begins at it. Failed and
 * unfinished revisions do not count. Without any applied one it is the newest: a first install that failed. Undefined:
 * there is no revision.
 *
 * This is the only place that decides so (record 0027 in docs/decisions).
 */
export function appliedRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  const life = history.slice(history.findLastIndex(({ status }) => status === 'uninstalled') + 1);
  return (
    life.findLast(({ status }) => status !== 'superseded' && !isAttempt(status)) ??
    life.findLast(({ status }) => status === UNINSTALLING) ??
    life.findLast((revision) => wasApplied(revision)) ??
    history.at(-1)
  );
}

/** Whether a release is still at the revision that a caller read: later failed attempts changed nothing. */
export function isAtRevision(history: readonly KeptRevision[], expected: number): boolean {
  const newest = history.at(-1)?.revision ?? 0;
  return expected === newest || expected === appliedRevision(history)?.revision;
}

/** Whether a revision is or was applied. */
export function wasApplied({ status, description = '' }: KeptRevision): boolean {
  return !isAttempt(status) && !isInterruption(description) && !FAILURE.test(description);
}

function isAttempt(status: string): boolean {
  return status === 'failed' || isInProgress(status);
}
