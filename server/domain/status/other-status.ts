import type { OtherStatus, ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber } from '../json/json-reading.ts';
import { conditionOf, groupKind, type KubeObject, type ObjectRef, specOf, statusOf } from '../kube/kube-object.ts';
import { podState } from './pod-status.ts';
import { podProblems } from './pod-problems.ts';
import { awaits, type Described, isObserved, metaOf, notFound, READY, stateOf } from './resource-state.ts';

/** The state if a condition that has to be true is not. */
function unlessTrue(object: KubeObject, type: string): ResourceState {
  const condition = conditionOf(object, type);
  return condition?.status === 'True'
    ? READY
    : stateOf('Pending', condition?.reason || type, condition?.message || `its condition ${type} is not true yet`);
}

function unlessReplicas(object: KubeObject): ResourceState {
  const expected = asNumber(specOf(object)['replicas'], 1);
  const ready = asNumber(statusOf(object)['readyReplicas']);
  return ready >= expected ? READY : stateOf('Pending', 'Progressing', `${ready} of ${expected} replicas are ready`);
}

/** Kinds with a status format of their own. */
const BY_KIND: Record<string, (object: KubeObject) => ResourceState> = {
  Pod: (pod) => (podState(pod).status === 'Succeeded' ? READY : podState(pod)),
  ReplicaSet: unlessReplicas,
  ReplicationController: unlessReplicas,
  'ReplicaSet.apps': unlessReplicas,
  'CustomResourceDefinition.apiextensions.k8s.io': (crd) => unlessTrue(crd, 'Established'),
  'APIService.apiregistration.k8s.io': (service) => unlessTrue(service, 'Available'),
};

/** The conventions that most controllers follow: Stalled, Reconciling and Ready among the conditions. */
function byConventions(object: KubeObject): ResourceState {
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') {
    return stateOf('Failed', stalled.reason, stalled.message);
  }
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') {
    return stateOf('Pending', reconciling.reason, reconciling.message);
  }
  return conditionOf(object, 'Ready') === undefined ? READY : unlessTrue(object, 'Ready');
}

function otherState(object: KubeObject): ResourceState {
  if (object.metadata.deletionTimestamp !== undefined) {
    return stateOf('Terminating', 'Terminating', 'it is being deleted');
  }
  if ('observedGeneration' in statusOf(object) && !isObserved(object)) {
    return stateOf('Pending', 'NotObserved', 'its controller has not seen the last change yet');
  }
  const rule = BY_KIND[groupKind(object.apiVersion, object.kind)] ?? byConventions;
  return rule(object);
}

/** Any other kind, including custom resources, by the rules of kstatus (sigs.k8s.io/cli-utils). */
export function describeOther(
  view: ClusterView,
  ref: ObjectRef,
  object: KubeObject | undefined,
): Described<OtherStatus> {
  const { apiVersion } = ref;
  if (object === undefined) {
    const known = view.knows(apiVersion, ref.kind);
    const wait = known ? notFound(ref) : awaits(ref, 'NotObserved', 'its kind is not watched yet');
    return { shown: { ...metaOf(ref, stateOf(known ? 'NotFound' : 'Unknown')), apiVersion }, waitingFor: [wait] };
  }
  const state = otherState(object);
  const shown = { ...metaOf(ref, state), apiVersion };
  if (state === READY) {
    return { shown, waitingFor: [] };
  }
  const isPod = groupKind(apiVersion, ref.kind) === 'Pod';
  const waits = isPod ? podProblems(view, object) : [awaits(ref, state.reason || state.status, state.message)];
  return { shown, waitingFor: waits };
}
