import { type HelmStatus, isAttempt, isSuperseded, isUninstalled, isUninstalling } from './helm-status.ts';
import { currentRelease, type KeptRevision, walkBack } from './history.ts';
import { isOfAttempt } from './interruption.ts';

/** An attempt above the applied revision that is not, or not yet, applied. */
export type Attempt = {
  revision: number;
  /** `failed`, or the status of a running operation. */
  status: HelmStatus;
  /** RFC 3339. */
  at: string;
  /** Helm's description. */
  message: string;
};

/**
 * The newest revision of a history (oldest first) that was really applied: the next change begins at it. Failed and
 * unfinished revisions do not count. Without any applied one it is the newest: a first install that failed. Undefined:
 * there is no revision.
 *
 * Only this function decides it (decision 27: what failed never came true), and `history.AppliedOf` in the engine; both
 * are tested with engine/testdata/rules/histories.json.
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
 * The newest applied revision below `present`: a rollback without a number goes to it. An interrupted attempt was never
 * applied, even if Helm marked it as superseded because nothing was deployed any more. Undefined: there is none, or it is
 * not kept.
 */
export function appliedBefore<Revision extends KeptRevision>(
  history: readonly Revision[],
  present: number,
): Revision | undefined {
  return walkBack(history, { below: present }).find(wasInForce);
}

/** Whether a release is at the revision that a caller expects: failed attempts since then changed nothing. */
export function isAtRevision(history: readonly KeptRevision[], expected: number): boolean {
  const newest = walkBack(history)[0]?.revision ?? 0;
  return expected === newest || expected === appliedRevision(history)?.revision;
}

/** Whether a rollback may go back to a revision without being told its number. */
export function wasInForce(revision: KeptRevision): boolean {
  return !isUninstalled(revision.status) && wasApplied(revision);
}

/** Whether a revision is or was applied. */
export function wasApplied({ status, description = '' }: KeptRevision): boolean {
  return !isAttempt(status) && !isOfAttempt(description);
}
