import type { PodStatus, ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { JsonObject } from '../json/json.ts';
import { asNumber, asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { conditionOf, type KubeObject, refOf, statusOf } from '../kube/kube-object.ts';
import { containerStatus } from './container-status.ts';
import { metaOf, READY, stateOf } from './resource-state.ts';
import { shortAge } from './short-age.ts';

function firstOf(containers: JsonObject[], state: 'waiting' | 'terminated', wanted: (detail: JsonObject) => boolean) {
  return containers
    .filter((container) => state in asObject(container['state']))
    .map((container) => asObject(valueAt(container, 'state', state)))
    .find(wanted);
}

function reasonOf(status: string, detail: JsonObject | undefined): ResourceState {
  return stateOf(status, asString(detail?.['reason']), asString(detail?.['message']));
}

/** State of a pod by the original Walm's rules; only `Ready` means that it serves requests. */
export function podState(pod: KubeObject): ResourceState {
  const status = statusOf(pod);
  const phase = asString(status['phase']);
  const containers = asObjects(status['containerStatuses']);
  if (pod.metadata.deletionTimestamp !== undefined) {
    return stateOf('Terminating');
  }
  switch (phase) {
    case 'Running': {
      const ready = conditionOf(pod, 'Ready');
      return ready?.status === 'True' ? READY : stateOf('Running', ready?.reason, ready?.message);
    }
    case 'Pending': {
      const unmet = ['PodScheduled', 'Initialized']
        .map((type) => conditionOf(pod, type))
        .find((condition) => condition !== undefined && condition.status !== 'True');
      return unmet === undefined
        ? reasonOf(
            phase,
            firstOf(containers, 'waiting', () => true),
          )
        : stateOf(phase, unmet.reason, unmet.message);
    }
    case 'Failed':
      return reasonOf(
        phase,
        firstOf(containers, 'terminated', (detail) => asNumber(detail['exitCode']) !== 0),
      );
    default:
      return stateOf(phase);
  }
}

/** A pod in the format of the answer; `nowMs` in milliseconds since the epoch. */
export function podStatus(pod: KubeObject, nowMs: number): PodStatus {
  const status = statusOf(pod);
  return {
    ...metaOf(refOf(pod), podState(pod)),
    labels: pod.metadata.labels ?? {},
    annotations: pod.metadata.annotations ?? {},
    hostIp: asString(status['hostIP']),
    podIp: asString(status['podIP']),
    containers: asObjects(status['containerStatuses']).map(containerStatus),
    age: shortAge(pod.metadata.creationTimestamp ?? '', nowMs),
    initContainers: asObjects(status['initContainerStatuses']).map(containerStatus),
  };
}
