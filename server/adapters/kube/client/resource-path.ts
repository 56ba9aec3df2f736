import { KubeApiError } from './kube-api-error.ts';

/** A resource of the API server by its place in the URL; `group` is `""` for the core group. */
export type ResourceType = { group: string; version: string; plural: string };

/** Groups, versions and plurals consist of DNS labels. */
const API_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/;
/** No object of the API server has such a name: it would not stay one segment of a path. */
const NO_OBJECT_NAME = /^\.{0,2}$|[/%]/;

/**
 * Path of a resource: in all namespaces (no namespace), in one namespace, or of one object. Cluster-scoped resources
 * have the namespace `undefined`. `subresource` is the last segment (`status`, `log`).
 *
 * Groups, versions and names may come from a record, which may contain any text: each stays in its place of the path.
 * @throws KubeApiError 404 if it could not, because no such API or object exists
 */
export function resourcePath(type: ResourceType, namespace?: string, name?: string, subresource?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${objectName(namespace)}`;
  const object = name === undefined ? '' : `/${objectName(name)}`;
  const last = subresource === undefined ? '' : `/${subresource}`;
  return `${versionPath(type)}${scope}/${apiName(type.plural)}${object}${last}`;
}

/** Path of a version of an API group. @throws KubeApiError 404 as `resourcePath` */
export function versionPath({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? `/api/${apiName(version)}` : `${groupPath(group)}/${apiName(version)}`;
}

/** Path of an API group. @throws KubeApiError 404 as `resourcePath` */
export function groupPath(group: string): string {
  return `/apis/${apiName(group)}`;
}

function apiName(text: string): string {
  if (!API_NAME.test(text)) {
    throw notFound('API', text);
  }
  return text;
}

function objectName(text: string): string {
  if (NO_OBJECT_NAME.test(text)) {
    throw notFound('object', text);
  }
  return encodeURIComponent(text);
}

function notFound(what: string, text: string): KubeApiError {
  return new KubeApiError(
    404,
    'NotFound',
    `no ${what} of Kubernetes has the name ${JSON.stringify(text.slice(0, 80))}`,
  );
}
