import type { ContainerStatus, ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { JsonObject } from '../json/json.ts';
import { asNumber, asObject, asString } from '../json/json-reading.ts';
import { stateOf } from './resource-state.ts';

/**
 * State of a container. For Terminated and Waiting the original Walm put the text into `reason` and the reason into
 * `message`; its clients expect that.
 */
function containerState(container: JsonObject): ResourceState {
  const state = asObject(container['state']);
  for (const [field, status] of [
    ['terminated', 'Terminated'],
    ['waiting', 'Waiting'],
  ] as const) {
    if (field in state) {
      const detail = asObject(state[field]);
      return stateOf(status, asString(detail['message']), asString(detail['reason']));
    }
  }
  return 'running' in state ? stateOf('Running') : stateOf('');
}

/** One entry of a pod's `containerStatuses` in the format of the answer. */
export function containerStatus(container: JsonObject): ContainerStatus {
  return {
    name: asString(container['name']),
    image: asString(container['image']),
    ready: container['ready'] === true,
    restartCount: asNumber(container['restartCount']),
    state: containerState(container),
  };
}
