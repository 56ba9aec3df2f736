import type { DaemonSetStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber, valueAt } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, specOf, statusOf } from '../kube/kube-object.ts';
import { podStatus } from './pod-status.ts';
import { type Described, isObserved, labelsOf, metaOf, notFound, READY, stateOf } from './resource-state.ts';
import { unreadyState, workloadWaits } from './workload-state.ts';

/** A DaemonSet is ready if every node that should has an available pod of the newest template. */
export function describeDaemonSet(
  view: ClusterView,
  ref: ObjectRef,
  daemonSet: KubeObject | undefined,
  nowMs: number,
): Described<DaemonSetStatus> {
  const status = daemonSet === undefined ? {} : statusOf(daemonSet);
  const pods = daemonSet === undefined ? [] : view.podsOf(daemonSet.metadata.uid ?? '');
  const desired = asNumber(status['desiredNumberScheduled']);
  const updated = asNumber(status['updatedNumberScheduled']);
  const available = asNumber(status['numberAvailable']);
  const shown = {
    ...metaOf(ref, stateOf('NotFound')),
    ...labelsOf(daemonSet),
    desiredNumberScheduled: desired,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    pods: pods.length === 0 ? null : pods.map((pod) => podStatus(pod, nowMs)),
  };
  if (daemonSet === undefined) {
    return { shown, waitingFor: [notFound(ref)] };
  }
  const onDelete = valueAt(specOf(daemonSet), 'updateStrategy', 'type') === 'OnDelete';
  if (isObserved(daemonSet) && (onDelete || updated >= desired) && available >= desired) {
    return { shown: { ...shown, state: READY }, waitingFor: [] };
  }
  const progress = `of ${desired} nodes ${updated} have the newest pod and ${available} an available one`;
  return {
    shown: { ...shown, state: unreadyState('DaemonSet', pods) },
    waitingFor: workloadWaits(view, daemonSet, pods, progress, pods.length < desired),
  };
}
