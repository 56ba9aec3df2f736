import type { StatefulSetStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber, asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, specOf, statusOf } from '../kube/kube-object.ts';
import { podStatus } from './pod-status.ts';
import { type Described, isObserved, labelsOf, metaOf, notFound, READY, stateOf } from './resource-state.ts';
import { unreadyState, workloadWaits } from './workload-state.ts';

/** Whether the rollout is done: up to the partition, or completely; with OnDelete a user decides when. */
function isRolledOut(statefulSet: KubeObject, expected: number): boolean {
  const spec = specOf(statefulSet);
  const status = statusOf(statefulSet);
  const partition = valueAt(spec, 'updateStrategy', 'rollingUpdate', 'partition');
  if (valueAt(spec, 'updateStrategy', 'type') === 'OnDelete') {
    return true;
  }
  return typeof partition === 'number' && partition > 0
    ? asNumber(status['updatedReplicas']) >= expected - partition
    : status['updateRevision'] === status['currentRevision'];
}

/** A StatefulSet is ready if all replicas are, and the rollout is done as far as its partition says. */
export function describeStatefulSet(
  view: ClusterView,
  ref: ObjectRef,
  statefulSet: KubeObject | undefined,
  nowMs: number,
): Described<StatefulSetStatus> {
  const spec = statefulSet === undefined ? {} : specOf(statefulSet);
  const status = statefulSet === undefined ? {} : statusOf(statefulSet);
  const pods = statefulSet === undefined ? [] : view.podsOf(statefulSet.metadata.uid ?? '');
  const expected = statefulSet === undefined ? 0 : asNumber(spec['replicas'], 1);
  const ready = asNumber(status['readyReplicas']);
  const shown = {
    ...metaOf(ref, stateOf('NotFound')),
    ...labelsOf(statefulSet),
    expectedReplicas: expected,
    readyReplicas: ready,
    currentVersion: asString(status['currentRevision']),
    updateVersion: asString(status['updateRevision']),
    pods: pods.length === 0 ? null : pods.map((pod) => podStatus(pod, nowMs)),
    selector: Object.entries(asTextMap(valueAt(spec, 'selector', 'matchLabels')))
      .map(([key, value]) => `${key}=${value}`)
      .toSorted()
      .join(','),
  };
  if (statefulSet === undefined) {
    return { shown, waitingFor: [notFound(ref)] };
  }
  if (isObserved(statefulSet) && ready >= expected && isRolledOut(statefulSet, expected)) {
    return { shown: { ...shown, state: READY }, waitingFor: [] };
  }
  const updated = asNumber(status['updatedReplicas']);
  const progress = `${ready} of ${expected} replicas are ready, ${updated} updated`;
  return {
    shown: { ...shown, state: unreadyState('StatefulSet', pods) },
    waitingFor: workloadWaits(view, statefulSet, pods, progress, pods.length < expected),
  };
}
