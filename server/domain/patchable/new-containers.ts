import { containerPrivileges } from './container-privileges.ts';
import type { JsonObject } from '../json/json.ts';
import { asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';

const LISTS = ['initContainers', 'containers'];

/**
 * What containers added by a change may do although no existing container may, each as a phrase: fields that a new
 * container omits have Kubernetes' defaults. `pod` is the path of the pod template.
 */
export function addedPrivileges(before: JsonObject, after: JsonObject, pod: readonly string[]): string[] {
  const [old, now] = [before, after].map((object) => asObject(valueAt(object, ...pod, 'spec'))) as [
    JsonObject,
    JsonObject,
  ];
  const there = LISTS.flatMap((list) => asObjects(old[list]));
  const names = new Set(there.map(({ name }) => name));
  const added = LISTS.flatMap((list) => asObjects(now[list])).filter(({ name }) => !names.has(name));
  if (added.length === 0) {
    return [];
  }
  const had = new Set(there.flatMap((container) => [...privilegesIn(container, old)]));
  return added.flatMap((container) =>
    [...privilegesIn(container, now)]
      .filter((each) => !had.has(each) && !(had.has('capability ALL') && each.startsWith('capability ')))
      .map((each) => `container ${asString(container['name'])}: ${each}`),
  );
}

function privilegesIn(container: JsonObject, pod: JsonObject): Set<string> {
  return containerPrivileges(container, asObject(pod['securityContext']));
}
