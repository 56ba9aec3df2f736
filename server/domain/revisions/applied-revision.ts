import { isInProgress } from './in-progress.ts';
import { isInterruption } from './interruption.ts';

/** A revision as far as it matters whether it came true; `description` is Helm's, absent where only its mark is known. */
export type KeptRevision = { revision: number; status: string; description?: string };

/** A revision that was attempted above the applied one and is not, or not yet, what runs. */
export type Attempt = {
  revision: number;
  /** Helm's: `failed`, or that of an operation under way. */
  status: string;
  /** RFC 3339. */
  at: string;
  /** What Helm says of it. */
  message: string;
};

/** A delete marks the revision that runs, or the failed attempt above it. */
const UNINSTALLING = 'uninstalling';

/** How Helm begins what it says of an attempt that failed, also where it superseded that later. */
const FAILURE = /^(Upgrade|Rollback|Release) "[^"]*" failed: /;

/**
 * The newest revision of a history (oldest first) that was really applied: what runs, and what the next change begins
 * at. What failed or is under way is history and nothing else. Without any it is the newest: a first install that
 * failed. Undefined: there is no revision.
 *
 * This is the only place that decides so (decision 27 of docs/decisions).
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

/** Whether a release is where whoever read this revision believes it to be: attempts that failed since changed nothing. */
export function isAtRevision(history: readonly KeptRevision[], expected: number): boolean {
  const newest = history.at(-1)?.revision ?? 0;
  return expected === newest || expected === appliedRevision(history)?.revision;
}

/** Whether a revision was in force once, or is. */
export function wasApplied({ status, description = '' }: KeptRevision): boolean {
  return !isAttempt(status) && !isInterruption(description) && !FAILURE.test(description);
}

function isAttempt(status: string): boolean {
  return status === 'failed' || isInProgress(status);
}
