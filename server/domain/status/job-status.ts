import type { Awaited } from '../../../contract/schemas/release.ts';
import type { JobStatus, ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber } from '../json/json-reading.ts';
import { conditionOf, type KubeObject, type ObjectRef, specOf, statusOf } from '../kube/kube-object.ts';
import { podState, podStatus } from './pod-status.ts';
import type { PresentRef } from './passing-jobs.ts';
import { podProblems } from './pod-problems.ts';
import { awaits, type Described, labelsOf, metaOf, notFound, READY, stateOf } from './resource-state.ts';

/** State of a Job: `Ready` once it has completed, `Pending` with the reason if it failed or still runs. */
function jobState(job: KubeObject): ResourceState {
  const failed = conditionOf(job, 'Failed');
  const active = asNumber(statusOf(job)['active']);
  if (conditionOf(job, 'Complete')?.status === 'True') {
    return READY;
  }
  if (failed?.status === 'True') {
    return stateOf('Pending', failed.reason, failed.message);
  }
  if (job.metadata.deletionTimestamp !== undefined) {
    return stateOf('Terminating');
  }
  if (specOf(job)['suspend'] === true) {
    return stateOf('Suspended', 'JobSuspended', 'The job is suspended');
  }
  return active > 0
    ? stateOf('Pending', 'JobActive', `There are ${active} active pod`)
    : stateOf('Pending', 'JobNotActive', 'There is no active pod');
}

function jobWaits(view: ClusterView, ref: ObjectRef, job: KubeObject, pods: readonly KubeObject[]): Awaited[] {
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True') {
    return [awaits(ref, 'JobFailed', failed.message === '' ? failed.reason : `${failed.reason}: ${failed.message}`)];
  }
  const refused = view.warningsOf(job.metadata.uid ?? '').find(({ reason }) => reason === 'FailedCreate');
  if (pods.length === 0 && refused !== undefined) {
    return [awaits(ref, refused.reason, refused.message)];
  }
  const problems = pods.filter((pod) => podState(pod).status === 'Pending').flatMap((pod) => podProblems(view, pod));
  const { reason, message } = jobState(job);
  return problems.length > 0 ? problems : [awaits(ref, reason || 'Terminating', message || 'it is being deleted')];
}

/** A Job is ready if it has completed, even if it has deleted itself since. */
export function describeJob(
  view: ClusterView,
  ref: PresentRef,
  job: KubeObject | undefined,
  nowMs: number,
): Described<JobStatus> {
  const status = job === undefined ? {} : statusOf(job);
  const pods = job === undefined ? [] : view.podsOf(job.metadata.uid ?? '');
  const state = job !== undefined ? jobState(job) : ref.finished === true ? READY : stateOf('NotFound');
  const shown = {
    ...metaOf(ref, state),
    ...labelsOf(job),
    expectedCompletion: job === undefined ? 0 : asNumber(specOf(job)['completions'], 1),
    succeeded: asNumber(status['succeeded']),
    failed: asNumber(status['failed']),
    active: asNumber(status['active']),
    pods: pods.length === 0 ? null : pods.map((pod) => podStatus(pod, nowMs)),
  };
  if (job === undefined) {
    return { shown, waitingFor: state === READY ? [] : [notFound(ref)] };
  }
  return { shown, waitingFor: state === READY ? [] : jobWaits(view, ref, job, pods) };
}
