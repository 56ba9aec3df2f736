import type { KubeObject } from '../../server/domain/kube/kube-object.ts';
import { parseLabelSelector } from '../../server/domain/kube/label-selector.ts';

/** The parts of an API path. `name` is empty for a collection, `namespace` for all namespaces or for none. */
export interface ApiPath {
  /** Group and plural: `apps/deployments`, `/secrets`. Versions of a group are the same objects. */
  collection: string;
  namespace: string;
  name: string;
  subresource: string;
}

/** Parses a path made by `resourcePath`. */
export function parseApiPath(path: string): ApiPath {
  const [, root, ...rest] = path.split('/').map(decodeURIComponent);
  const group = root === 'api' ? '' : (rest.shift() ?? '');
  const [, ...segments] = rest;
  const isNamespaced = segments[0] === 'namespaces' && segments.length > 2;
  const [namespace = '', plural = '', name = '', subresource = ''] = isNamespaced
    ? segments.slice(1)
    : ['', ...segments];
  return { collection: `${group}/${plural}`, namespace, name, subresource };
}

/** Kinds of the simulated cluster by their collections, with those that have no namespace marked. */
export const KINDS: Readonly<Record<string, { apiVersion: string; kind: string; global?: true }>> = {
  '/configmaps': { apiVersion: 'v1', kind: 'ConfigMap' },
  '/events': { apiVersion: 'v1', kind: 'Event' },
  '/namespaces': { apiVersion: 'v1', kind: 'Namespace', global: true },
  '/persistentvolumeclaims': { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  '/pods': { apiVersion: 'v1', kind: 'Pod' },
  '/secrets': { apiVersion: 'v1', kind: 'Secret' },
  '/services': { apiVersion: 'v1', kind: 'Service' },
  'apiextensions.k8s.io/customresourcedefinitions': {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    global: true,
  },
  'apiextensions.transwarp.io/releaseconfigs': {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
  },
  'apps/daemonsets': { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  'apps/deployments': { apiVersion: 'apps/v1', kind: 'Deployment' },
  'apps/replicasets': { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  'apps/statefulsets': { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  'batch/cronjobs': { apiVersion: 'batch/v1', kind: 'CronJob' },
  'batch/jobs': { apiVersion: 'batch/v1', kind: 'Job' },
  'coordination.k8s.io/leases': { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  'discovery.k8s.io/endpointslices': { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  'networking.k8s.io/ingresses': { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
};

/** Path of an object by its kind. Throws for a kind that the simulated cluster does not have. */
export function pathOfObject({
  apiVersion,
  kind,
  namespace,
  name,
}: {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}): string {
  const found = Object.entries(KINDS).find(([, known]) => known.kind === kind && known.apiVersion === apiVersion);
  if (found === undefined) throw new Error(`the simulated cluster has no ${kind} of ${apiVersion}`);
  const [, plural] = found[0].split('/');
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plural}/${name}`;
}

/** The objects of a collection that are selected. */
export interface Selectors {
  labelSelector?: string;
  fieldSelector?: string;
}

/** Whether an object is selected, as the API server decides; field selectors support `a=b` and `a!=b`. */
export function createSelector({ labelSelector = '', fieldSelector = '' }: Selectors): (object: KubeObject) => boolean {
  const selected = parseLabelSelector(labelSelector);
  const fields = termsOf(fieldSelector);
  return (object) =>
    selected(object.metadata.labels ?? {}) &&
    fields.every(({ key, wanted, negated }) => (fieldOf(object, key) === wanted) !== negated);
}

type Term = { key: string; wanted: string; negated: boolean };

function termsOf(selector: string): Term[] {
  return selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, key = '', operator, wanted = ''] = /^([^!=]+)(!=|=)(.*)$/.exec(term) ?? [];
      return { key, wanted, negated: operator === '!=' };
    });
}

/** Fields that the product selects by are at the top level, or in the metadata. */
function fieldOf(object: KubeObject, key: string): string | undefined {
  const [, inMetadata] = /^metadata\.(.+)$/.exec(key) ?? [];
  const found = inMetadata === undefined ? object[key] : object.metadata[inMetadata as 'name'];
  return typeof found === 'string' ? found : undefined;
}
