import type { Awaited } from '../../../contract/schemas/release.ts';

/** A terminal reason may still come from before the change: it has to last this long, in milliseconds. */
const LASTING_MS = 5_000;
/** An autoscaling cluster adds nodes within minutes; others never do. A compromise. */
const UNSCHEDULABLE_MS = 60_000;

/** Reasons that do not pass by themselves: of containers, Jobs, rollouts and claims, in Kubernetes' own words. */
const HOPELESS_AFTER_MS: ReadonlyMap<string, number> = new Map([
  ...[
    'BackoffLimitExceeded',
    'CrashLoopBackOff',
    'CreateContainerConfigError',
    'CreateContainerError',
    'DeadlineExceeded',
    'ErrImageNeverPull',
    'FailedCreate',
    'ImagePullBackOff',
    'InvalidImageName',
    'PodFailurePolicy',
    'ProgressDeadlineExceeded',
    'RevisionFailed',
    'RunContainerError',
  ].map((reason): [string, number] => [reason, LASTING_MS]),
  // A failed Job stays failed.
  ['JobFailed', 0],
  ['Unschedulable', UNSCHEDULABLE_MS],
]);

/**
 * Whether an object that has been awaited for this reason for `lastedMs` milliseconds cannot be expected to become
 * ready.
 */
export function isTerminal({ reason }: Pick<Awaited, 'reason'>, lastedMs: number): boolean {
  return lastedMs >= (HOPELESS_AFTER_MS.get(reason) ?? Infinity);
}
