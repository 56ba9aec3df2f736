import type { JsonObject, JsonValue } from '../json/json.ts';
import { asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { fieldOf, groupKind, type KubeMetadata, type KubeObject, specOf, statusOf } from './kube-object.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const HIDDEN = '***';

function pick(object: JsonObject, ...fields: string[]): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => (field in object ? [[field, object[field] as JsonValue]] : [])));
}

/** Metadata without managed fields (half of most objects) and without kubectl's copy of the whole object. */
function leanMetadata(metadata: KubeMetadata): KubeMetadata {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
  const { [LAST_APPLIED]: _copy, ...annotations } = metadata.annotations ?? {};
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(metadata.labels !== undefined && { labels: metadata.labels }),
    ...(metadata.annotations !== undefined && Object.keys(annotations).length > 0 && { annotations }),
    ...(metadata.ownerReferences !== undefined && { ownerReferences: metadata.ownerReferences }),
  };
}

/** The containers of a pod, which have logs, and what they take of its node: the sums of a node are made of it. */
function takenBy(spec: JsonObject): JsonObject {
  const lean = (field: 'containers' | 'initContainers') =>
    asObjects(spec[field]).map((container) => ({
      ...pick(container, 'name', 'restartPolicy'),
      ...(Object.keys(asObject(container['resources'])).length > 0 && pick(container, 'resources')),
    }));
  const [containers, initContainers] = [lean('containers'), lean('initContainers')];
  return {
    ...pick(spec, 'overhead', 'resources'),
    ...(containers.length > 0 && { containers }),
    ...(initContainers.length > 0 && { initContainers }),
  };
}

function leanPod(pod: KubeObject): Partial<KubeObject> {
  const spec = specOf(pod);
  const volumes = asObjects(spec['volumes']).filter((volume) => 'persistentVolumeClaim' in volume);
  return {
    spec: { ...pick(spec, 'nodeName', 'readinessGates'), volumes, ...takenBy(spec) },
    status: pick(
      statusOf(pod),
      'phase',
      'reason',
      'message',
      'hostIP',
      'podIP',
      'conditions',
      'containerStatuses',
      'initContainerStatuses',
    ),
  };
}

function leanStatefulSet(statefulSet: KubeObject): Partial<KubeObject> {
  const spec = specOf(statefulSet);
  const templates = asObjects(spec['volumeClaimTemplates']).map((template) => ({
    metadata: { name: asString(valueAt(template, 'metadata', 'name')) },
  }));
  return {
    spec: { ...pick(spec, 'replicas', 'selector', 'updateStrategy', 'ordinals'), volumeClaimTemplates: templates },
    status: statusOf(statefulSet),
  };
}

/** Keeps these fields of the spec and the whole status. */
function keeping(...fields: string[]): (object: KubeObject) => Partial<KubeObject> {
  return (object) => ({ spec: pick(specOf(object), ...fields), status: statusOf(object) });
}

/** What status computation needs of each kind; other kinds keep their replicas and status. */
const REDUCED: Readonly<Record<string, (object: KubeObject) => Partial<KubeObject>>> = {
  Pod: leanPod,
  'StatefulSet.apps': leanStatefulSet,
  'Deployment.apps': keeping('replicas', 'selector', 'paused'),
  'DaemonSet.apps': keeping('selector', 'updateStrategy'),
  'Job.batch': keeping('completions', 'parallelism', 'suspend'),
  'CronJob.batch': keeping('schedule', 'suspend'),
  'Ingress.networking.k8s.io': keeping('rules'),
  Service: keeping('type', 'clusterIP', 'ports', 'selector'),
  PersistentVolumeClaim: keeping('storageClassName', 'volumeName', 'accessModes', 'volumeMode'),
  ConfigMap: (configMap) => ({ data: asObject(configMap.data) }),
  Secret: (secret) => ({
    type: asString(fieldOf(secret, 'type')),
    data: Object.fromEntries(Object.keys(asObject(secret.data)).map((key) => [key, HIDDEN])),
  }),
  'EndpointSlice.discovery.k8s.io': (slice) => ({
    endpoints: asObjects(fieldOf(slice, 'endpoints')).map((endpoint) => pick(endpoint, 'addresses', 'conditions')),
    ports: asObjects(fieldOf(slice, 'ports')).map((port) => pick(port, 'name', 'port')),
  }),
};

/**
 * Reduces an object, when it arrives, to what status computation needs: thousands are in memory, and values of Secrets
 * must not be there at all.
 */
export function leanObject(object: KubeObject): KubeObject {
  const reduce = REDUCED[groupKind(object.apiVersion, object.kind)] ?? keeping('replicas');
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: leanMetadata(object.metadata),
    ...reduce(object),
  };
}
