import type { Awaited } from '../../../contract/schemas/release.ts';
import type { ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { conditionOf, type KubeObject, refOf, specOf } from '../kube/kube-object.ts';
import { podState } from './pod-status.ts';
import { podProblems } from './pod-problems.ts';
import { awaits, isObserved, stateOf } from './resource-state.ts';

/** Enough to see the problem; a workload of a thousand pods has one reason, not a thousand. */
const MAX_PODS_NAMED = 5;
/** For a Deployment whose rollout is paused: it stays as it is until `spec.paused` is removed. */
export const PAUSED = stateOf('Pending', 'DeploymentPaused', 'its rollout is paused (spec.paused)');
const UNSETTLED = new Set(['Unknown', 'Pending', 'Running']);

/** Why a workload is not ready according to its pods, in the original Walm's words. */
export function unreadyState(kind: string, pods: readonly KubeObject[]): ResourceState {
  if (pods.length === 0) {
    return stateOf('Pending', 'PodNotCreated', 'There is no pod created');
  }
  const states = pods.map((pod) => ({ pod, status: podState(pod).status }));
  const unsettled = states.find(({ status }) => UNSETTLED.has(status));
  if (unsettled !== undefined) {
    const { namespace = '', name } = unsettled.pod.metadata;
    const { status } = unsettled;
    return stateOf('Pending', `Pod${status}`, `Pod ${namespace}/${name} is in state ${status}`);
  }
  return states.every(({ status }) => status === 'Terminating')
    ? stateOf('Terminating')
    : stateOf('Pending', `${kind}Updating`, `${kind} is updating`);
}

/** Whether the rollout is paused: Kubernetes has this for Deployments only. */
export function isPausedRollout(workload: KubeObject): boolean {
  return workload.kind === 'Deployment' && specOf(workload)['paused'] === true;
}

/** Why the controller could not create pods: its own condition, or its warning event (quota, admission). */
function creationFailure(view: ClusterView, workload: KubeObject): Awaited[] {
  const failure = conditionOf(workload, 'ReplicaFailure');
  if (failure?.status === 'True') {
    return [awaits(refOf(workload), failure.reason, failure.message)];
  }
  const warning = view.warningsOf(workload.metadata.uid ?? '').find(({ reason }) => reason === 'FailedCreate');
  return warning === undefined ? [] : [awaits(refOf(workload), warning.reason, warning.message)];
}

/**
 * What an unready workload waits for: its controller, a failed rollout, pods that cannot be created, pods that do not
 * become ready. `progress` describes the progress if there is no problem, `missing` says whether pods are still
 * missing.
 */
export function workloadWaits(
  view: ClusterView,
  workload: KubeObject,
  pods: readonly KubeObject[],
  progress: string,
  missing: boolean,
): Awaited[] {
  const ref = refOf(workload);
  if (!isObserved(workload)) {
    return [awaits(ref, 'NotObserved', 'its controller has not seen the last change yet')];
  }
  if (isPausedRollout(workload)) {
    return [awaits(ref, PAUSED.reason, `${progress}; ${PAUSED.message}`)];
  }
  const progressing = conditionOf(workload, 'Progressing');
  const gaveUp = progressing?.status === 'False' ? [awaits(ref, progressing.reason, progressing.message)] : [];
  const failing = pods.filter((pod) => UNSETTLED.has(podState(pod).status) || podState(pod).status === 'Failed');
  const found = [
    ...gaveUp,
    ...(missing ? creationFailure(view, workload) : []),
    ...failing.slice(0, MAX_PODS_NAMED).flatMap((pod) => podProblems(view, pod)),
  ];
  return found.length > 0 ? found : [awaits(ref, pods.length === 0 ? 'PodNotCreated' : 'Progressing', progress)];
}
