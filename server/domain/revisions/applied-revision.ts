import { type HelmStatus, isAttempt, isSuperseded, isUninstalled, isUninstalling } from './helm-status.ts';
import { currentRelease, type KeptRevision, walkBack } from './history.ts';
import { isInterruption } from './interruption.ts';

/** A revision that was attempted above the applied one and is not, or not yet, what runs. */
export type Attempt = {
  revision: number;
  /** Helm's: `failed`, or that of an operation under way. */
  status: HelmStatus;
  /** RFC 3339. */
  at: string;
  /** Helm's description. */
  message: string;
};

/** How Helm begins what it says of an attempt that failed, also where it superseded that later. */
const FAILURE = /^(Upgrade|Rollback|Release) "[^"]*" failed: /;

/**
 * The newest revision of a history (oldest first) that was really applied: the next change begins at it. Failed and
 * unfinished revisions do not count. Without any applied one it is the newest: a first install that failed. Undefined:
 * there is no revision.
 *
 * This is the only place that decides so (decision 27: what failed never came true); the engine's is `history.AppliedOf`,
 * and both judge the histories of engine/testdata/rules/histories.json.
 */
export function appliedRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  const present = currentRelease(history);
  return (
    present.find(({ status }) => !isSuperseded(status) && !isAttempt(status)) ??
    present.find(({ status }) => isUninstalling(status)) ??
    present.find((revision) => wasApplied(revision)) ??
    walkBack(history)[0]
  );
}

/**
 * The newest revision below `present` that was in force: what a rollback without a number goes to. An attempt that was cut
 * off never was, also where Helm superseded it because nothing was deployed any more. Undefined: none was, or is kept.
 */
export function appliedBefore<Revision extends KeptRevision>(
  history: readonly Revision[],
  present: number,
): Revision | undefined {
  return walkBack(history, { below: present }).find((one) => !isUninstalled(one.status) && wasApplied(one));
}

/** Whether a release is where whoever read this revision believes it to be: attempts that failed since changed nothing. */
export function isAtRevision(history: readonly KeptRevision[], expected: number): boolean {
  const newest = walkBack(history)[0]?.revision ?? 0;
  return expected === newest || expected === appliedRevision(history)?.revision;
}

/** Whether a revision is or was applied. */
export function wasApplied({ status, description = '' }: KeptRevision): boolean {
  return !isAttempt(status) && !isInterruption(description) && !FAILURE.test(description);
}
