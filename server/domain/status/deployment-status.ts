import type { DeploymentStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, specOf, statusOf } from '../kube/kube-object.ts';
import { podStatus } from './pod-status.ts';
import { type Described, isObserved, labelsOf, metaOf, notFound, READY, stateOf } from './resource-state.ts';
import { isPausedRollout, PAUSED, unreadyState, workloadWaits } from './workload-state.ts';

/**
 * A Deployment is ready if all replicas have the newest template and are available, no old ones are left, and its
 * controller has observed the last change. If its rollout is paused, its state says so even then.
 */
export function describeDeployment(
  view: ClusterView,
  ref: ObjectRef,
  deployment: KubeObject | undefined,
  nowMs: number,
): Described<DeploymentStatus> {
  const spec = deployment === undefined ? {} : specOf(deployment);
  const status = deployment === undefined ? {} : statusOf(deployment);
  const pods = deployment === undefined ? [] : view.podsOf(deployment.metadata.uid ?? '');
  const expected = deployment === undefined ? 0 : asNumber(spec['replicas'], 1);
  const updated = asNumber(status['updatedReplicas']);
  const current = asNumber(status['replicas']);
  const available = asNumber(status['availableReplicas']);
  const shown = {
    ...metaOf(ref, stateOf('NotFound')),
    ...labelsOf(deployment),
    expectedReplicas: expected,
    updatedReplicas: updated,
    currentReplicas: current,
    availableReplicas: available,
    pods: pods.length === 0 ? null : pods.map((pod) => podStatus(pod, nowMs)),
  };
  if (deployment === undefined) {
    return { shown, waitingFor: [notFound(ref)] };
  }
  const settled = updated >= expected && current <= updated && available >= updated;
  if (isObserved(deployment) && settled) {
    const state = isPausedRollout(deployment) ? { ...PAUSED, status: READY.status } : READY;
    return { shown: { ...shown, state }, waitingFor: [] };
  }
  const progress = `${updated} of ${expected} replicas are updated, ${available} available, ${current} exist`;
  return {
    shown: { ...shown, state: isPausedRollout(deployment) ? PAUSED : unreadyState('Deployment', pods) },
    waitingFor: workloadWaits(view, deployment, pods, progress, updated < expected),
  };
}
