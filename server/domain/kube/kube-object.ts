import type { ObjectRef } from '../../../contract/schemas/warning.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject, asObjects, asString, asTextMap } from '../json/json-reading.ts';

export type { ObjectRef };

/** `metadata.ownerReferences[]` of a Kubernetes object. */
export type OwnerReference = { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean };

/** `metadata` of a Kubernetes object, as far as Walm reads it. */
export type KubeMetadata = {
  name: string;
  /** Absent on cluster-scoped objects. */
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  /** RFC 3339. */
  creationTimestamp?: string;
  /** RFC 3339; present while the object is being deleted. */
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
};

/** A Kubernetes object from the API server or a manifest: a known envelope around unknown fields. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  spec?: JsonValue;
  status?: JsonValue;
  data?: JsonValue;
  [field: string]: JsonValue | KubeMetadata | undefined;
};

/**
 * Treats foreign JSON as a Kubernetes object: the envelope is validated, the rest is unchanged. `fallback` provides
 * what items of a typed list omit.
 */
export function asKubeObject(json: JsonObject, fallback: { apiVersion?: string; kind?: string } = {}): KubeObject {
  return {
    ...json,
    apiVersion: asString(json['apiVersion']) || (fallback.apiVersion ?? ''),
    kind: asString(json['kind']) || (fallback.kind ?? ''),
    metadata: asMetadata(asObject(json['metadata'])),
  };
}

const TEXTS = ['namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp'] as const;

/** The fields of foreign metadata that have the right type; others are treated as missing. */
function asMetadata(metadata: JsonObject): KubeMetadata {
  const { generation, labels, annotations, ownerReferences, finalizers } = metadata;
  const texts = TEXTS.flatMap((field) => (typeof metadata[field] === 'string' ? [[field, metadata[field]]] : []));
  return {
    ...(Object.fromEntries(texts) as Pick<KubeMetadata, (typeof TEXTS)[number]>),
    name: asString(metadata['name']),
    ...(typeof generation === 'number' && { generation }),
    ...(isJsonObject(labels) && { labels: asTextMap(labels) }),
    ...(isJsonObject(annotations) && { annotations: asTextMap(annotations) }),
    ...(Array.isArray(ownerReferences) && { ownerReferences: asObjects(ownerReferences).map(asOwner) }),
    ...(Array.isArray(finalizers) && { finalizers: finalizers.map(asString) }),
  };
}

function asOwner(owner: JsonObject): OwnerReference {
  const { apiVersion, kind, name, uid, controller } = owner;
  return {
    apiVersion: asString(apiVersion),
    kind: asString(kind),
    name: asString(name),
    uid: asString(uid),
    ...(typeof controller === 'boolean' && { controller }),
  };
}

/** Group and version of an `apiVersion` (`apps/v1`, or `v1` of the core group, whose name is `""`). */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Kind and group as one text (`Deployment.apps`, `Service`): a kind is the same in all versions of its group. */
export function groupKind(apiVersion: string, kind: string): string {
  const { group } = parseApiVersion(apiVersion);
  return group === '' ? kind : `${kind}.${group}`;
}

/** A key for each object of the cluster, independent of the version of its group. */
export function objectKey({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return `${groupKind(apiVersion, kind)}/${namespace}/${name}`;
}

/** A key for each object of a release, whatever its group and version. */
export function placeOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** The reference of an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name, namespace = '' } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}

/** `spec` as an object; empty when absent. */
export function specOf(object: KubeObject): JsonObject {
  return asObject(object.spec);
}

/** `status` as an object; empty while no controller has reported. */
export function statusOf(object: KubeObject): JsonObject {
  return asObject(object.status);
}

/** A top-level field besides metadata, spec and status: `ports` of an EndpointSlice, `type` of a Secret. */
export function fieldOf(object: KubeObject, name: string): JsonValue | undefined {
  return name === 'metadata' ? undefined : object[name];
}

/** One entry of `status.conditions`. */
export type Condition = { type: string; status: string; reason: string; message: string };

/** The conditions an object reports, in its order. */
export function conditionsOf(object: KubeObject): Condition[] {
  return asObjects(statusOf(object)['conditions']).map((entry) => ({
    type: asString(entry['type']),
    status: asString(entry['status']),
    reason: asString(entry['reason']),
    message: asString(entry['message']),
  }));
}

/** The condition of one type, if the object reports it. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** A recorded reference; what it lacks is empty. */
export function readObjectRef({ apiVersion, kind, namespace, name }: JsonObject): ObjectRef {
  return {
    apiVersion: asString(apiVersion),
    kind: asString(kind),
    namespace: asString(namespace),
    name: asString(name),
  };
}
