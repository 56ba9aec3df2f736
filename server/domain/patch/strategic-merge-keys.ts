/** How a list in a Kubernetes object is merged: entry by entry by a key, as a set of values, or as a whole. */
export type ListStrategy = { by: string } | 'set' | 'atomic';

/** Lists of containers: their entries have ports of another shape than those of Services. */
const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers']);

/** Merge keys of list fields, from the `patchStrategy` and `patchMergeKey` tags of the Kubernetes API types. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  resourceClaims: 'name',
  schedulingGates: 'name',
  ownerReferences: 'uid',
  secrets: 'name',
  webhooks: 'name',
  conditions: 'type',
};

/**
 * The strategy of the list `field` in an object of `kind`; `owner` is the field that contains the list's parent
 * (`containers` for the ports of a container).
 */
export function listStrategy(kind: string, owner: string, field: string): ListStrategy {
  if (field === 'ports') {
    if (CONTAINERS.has(owner)) {
      return { by: 'containerPort' };
    }
    return kind === 'Service' && owner === 'spec' ? { by: 'port' } : 'atomic';
  }
  if (field === 'finalizers') {
    return 'set';
  }
  // A ServiceAccount has the same field, without a strategy.
  if (field === 'imagePullSecrets' && kind === 'ServiceAccount') {
    return 'atomic';
  }
  return Object.hasOwn(KEYS, field) ? { by: KEYS[field] ?? '' } : 'atomic';
}
