/** A resource of the API server by its place in the URL; `group` is `""` for the core group. */
export type ResourceType = { group: string; version: string; plural: string };

/**
 * Path of a resource: in all namespaces (no namespace), in one namespace, or of one object. Cluster-scoped resources
 * have the namespace `undefined`. `subresource` is the last segment (`status`, `log`).
 */
export function resourcePath(type: ResourceType, namespace?: string, name?: string, subresource?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  const last = subresource === undefined ? '' : `/${subresource}`;
  return `${root}${scope}/${type.plural}${object}${last}`;
}
