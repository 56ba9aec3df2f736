import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { parseApiVersion } from '../kube/kube-object.ts';

/** The pod template of each kind: path of an object with `metadata` and `spec`. */
const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  ReplicationController: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};
const GROUPS = new Set(['', 'apps', 'extensions', 'batch']);

/** The object with its pod template (of a Pod: itself) rewritten; the same object if nothing changed or it has none. */
export function editPodTemplate(object: JsonObject, edit: (template: JsonObject) => JsonObject): JsonObject {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !GROUPS.has(parseApiVersion(apiVersion).group)) {
    return object;
  }
  const path = Object.hasOwn(TEMPLATE_PATHS, kind) ? TEMPLATE_PATHS[kind] : undefined;
  return path === undefined ? object : editAt(object, path, edit);
}

/** The object with its pod spec rewritten; the same object if nothing changed or it has no pods. */
export function editPodSpec(object: JsonObject, edit: (spec: JsonObject) => JsonObject): JsonObject {
  return editPodTemplate(object, (template) => editAt(template, ['spec'], edit));
}

/** Lists of containers in the spec of a pod. */
const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** The spec of a pod with each of its containers rewritten. */
export function editContainers(
  spec: JsonObject,
  edit: (container: JsonObject) => JsonObject,
  lists: readonly string[] = CONTAINER_LISTS,
): JsonObject {
  return lists.reduce((edited, list) => {
    const containers = edited[list];
    if (!Array.isArray(containers)) {
      return edited;
    }
    const after = containers.map((each): JsonValue => (isJsonObject(each) ? edit(each) : each));
    return after.every((each, index) => each === containers[index]) ? edited : { ...edited, [list]: after };
  }, spec);
}

function editAt(
  object: JsonObject,
  [step, ...rest]: readonly string[],
  edit: (part: JsonObject) => JsonObject,
): JsonObject {
  if (step === undefined) {
    return edit(object);
  }
  const child = object[step];
  if (!isJsonObject(child)) {
    return object;
  }
  const edited = editAt(child, rest, edit);
  return edited === child ? object : { ...object, [step]: edited };
}
