import type { Awaited } from '../../contract/release.ts';

/** What does not pass by itself: of containers, Jobs, rollouts and claims, in Kubernetes' own words. */
const HOPELESS: ReadonlySet<string> = new Set([
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
]);

/** Those of the things that a release waits for which nobody can expect to come. */
export function hopelessWaits(waitingFor: readonly Awaited[]): Awaited[] {
  return waitingFor.filter(({ reason }) => HOPELESS.has(reason));
}
