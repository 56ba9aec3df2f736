import type { Awaited } from '../../../contract/schemas/release.ts';

/** What cannot pass by itself may still be the end of what went before: it has to last this long, in milliseconds. */
const LASTING_MS = 5_000;
/** A cluster that grows by itself makes room within minutes; one that does not never will. A compromise. */
const UNSCHEDULABLE_MS = 60_000;

/** What does not pass by itself: of containers, Jobs, rollouts and claims, in Kubernetes' own words. */
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
  // A Job that failed stays so.
  ['JobFailed', 0],
  ['Unschedulable', UNSCHEDULABLE_MS],
]);

/** Whether nobody can expect a thing to come that has been awaited for this reason for `lastedMs` milliseconds. */
export function isTerminal({ reason }: Pick<Awaited, 'reason'>, lastedMs: number): boolean {
  return lastedMs >= (HOPELESS_AFTER_MS.get(reason) ?? Infinity);
}
