import type { KubeMetadata, KubeObject, ObjectRef } from '../../../server/domain/kube/kube-object.ts';
import { refOf } from '../../../server/domain/kube/kube-object.ts';
import type { JsonObject } from '../../../server/domain/json/json.ts';
import { leanObject } from '../../../server/domain/kube/lean-object.ts';
import { createObjectIndex, type ObjectIndex } from '../../../server/domain/indexes/object-index.ts';

/** All objects in tests of status are in this namespace. */
const NAMESPACE = 'demo';

/** An object named `name` in `NAMESPACE`, its uid after kind and name, at generation 1. */
export function kubeObject(
  apiVersion: string,
  kind: string,
  name: string,
  body: JsonObject = {},
  metadata: Partial<KubeMetadata> = {},
): KubeObject {
  return {
    ...body,
    apiVersion,
    kind,
    metadata: { namespace: NAMESPACE, uid: `${kind}/${name}`, generation: 1, ...metadata, name },
  };
}

/** A container's status: running and ready unless given otherwise. */
export function containerStatus(name: string, rest: JsonObject = {}): JsonObject {
  return { name, image: `${name}:1`, ready: true, restartCount: 0, started: true, state: { running: {} }, ...rest };
}

/** A pod of the owner with this uid, with its status. */
export function pod(name: string, owner: KubeObject, status: JsonObject, spec: JsonObject = {}): KubeObject {
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }];
  const creationTimestamp = '2026-01-01T00:00:00Z';
  return kubeObject('v1', 'Pod', name, { spec, status }, { ownerReferences, creationTimestamp });
}

/** Status of a pod that runs and is ready. */
export const READY_POD: JsonObject = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [containerStatus('app')],
};

/** An event of type Warning about an object. */
export function warning(about: KubeObject, reason: string, message: string, at = '2026-01-01T00:00:00Z'): KubeObject {
  return kubeObject('v1', 'Event', `${about.metadata.name}.${reason}.${at}`, {
    involvedObject: { uid: about.metadata.uid ?? '' },
    reason,
    message,
    lastTimestamp: at,
  });
}

/** An index of a cluster that has these objects, reduced as the watches reduce them. */
export function picture(...objects: KubeObject[]): ObjectIndex {
  const index = createObjectIndex();
  for (const object of objects) {
    if (object.kind === 'Event') {
      index.warnings.put(object);
    } else {
      index.put(leanObject(object));
    }
  }
  return index;
}

/** References to the objects that are not pods, events or claims: those that a manifest would name. */
export function manifestOf(...objects: KubeObject[]): ObjectRef[] {
  return objects.map(refOf);
}
