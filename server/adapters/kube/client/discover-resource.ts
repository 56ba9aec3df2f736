import type { JsonObject } from '../../../domain/json/json.ts';
import { asObjects, asString, valueAt } from '../../../domain/json/json-reading.ts';
import { fieldOf, parseApiVersion } from '../../../domain/kube/kube-object.ts';
import type { KubeReader, KubeCall } from './kube-api.ts';
import { hasStatus } from './kube-api-error.ts';
import { groupPath, type ResourceType, versionPath } from './resource-path.ts';

/** A kind as the API server serves it. */
export type DiscoveredResource = ResourceType & { apiVersion: string; namespaced: boolean };

async function orAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (hasStatus(error, 404)) {
      return undefined;
    }
    throw error;
  }
}

async function inVersion(
  kube: KubeReader,
  apiVersion: string,
  kind: string,
  call: KubeCall,
): Promise<DiscoveredResource | undefined> {
  const { group, version } = parseApiVersion(apiVersion);
  const list = await orAbsent(async () => kube.get(versionPath({ group, version }), call));
  const isWanted = (resource: JsonObject) => resource['kind'] === kind && !asString(resource['name']).includes('/');
  const found = list === undefined ? undefined : asObjects(fieldOf(list, 'resources')).find(isWanted);
  return found === undefined
    ? undefined
    : { group, version, apiVersion, plural: asString(found['name']), namespaced: found['namespaced'] === true };
}

/**
 * Finds a kind in the given version, or in the preferred version of the group if the API server does not serve that one
 * (any more); undefined if it does not serve the kind at all. Throws `KubeApiError` otherwise.
 */
export async function discoverResource(
  kube: KubeReader,
  apiVersion: string,
  kind: string,
  call: KubeCall = {},
): Promise<DiscoveredResource | undefined> {
  const asNamed = await inVersion(kube, apiVersion, kind, call);
  const { group } = parseApiVersion(apiVersion);
  if (asNamed !== undefined || group === '') {
    return asNamed;
  }
  const served = await orAbsent(async () => kube.get(groupPath(group), call));
  const preferred = served === undefined ? '' : asString(valueAt(fieldOf(served, 'preferredVersion'), 'groupVersion'));
  return preferred === '' || preferred === apiVersion ? undefined : inVersion(kube, preferred, kind, call);
}
