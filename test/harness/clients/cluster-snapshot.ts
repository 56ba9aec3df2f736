import type { ClusterObject, KubeClient } from './kube-client.ts';

/**
 * The objects of one namespace and the cluster-wide objects that belong to it, one line per object: `Deployment.apps/v1
 * ns/name`.
 */
export type ClusterSnapshot = Set<string>;

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

interface ServedVersion {
  base: string;
  groupVersion: string;
}

/** Objects that Kubernetes writes on its own for any chart. */
const NOISE = new Set(['Event', 'Node', 'CSINode', 'ComponentStatus', 'APIService', 'FlowSchema']);

/**
 * Lists every listable kind that the API server serves, custom ones included. Left out are objects of other namespaces,
 * cluster-wide objects that do not mention the namespace (tests run in parallel; definitions of kinds are always
 * included), and short-lived objects (events, nodes).
 */
export async function takeSnapshot(kube: KubeClient, namespace: string): Promise<ClusterSnapshot> {
  const versions = await servedVersions(kube);
  const lines = await Promise.all(versions.map((version) => linesOf(kube, version, namespace)));
  return new Set(lines.flat());
}

/** A kind that can be listed, with its API version. */
export type ListableKind = ServedVersion & ApiResource;

/** Every kind that the API server lists, in its preferred version, except short-lived ones. */
export async function listableKinds(kube: KubeClient): Promise<ListableKind[]> {
  const versions = await servedVersions(kube);
  return (await Promise.all(versions.map((version) => kindsOf(kube, version)))).flat();
}

async function kindsOf(kube: KubeClient, version: ServedVersion): Promise<ListableKind[]> {
  const { body } = await kube.call('GET', version.base);
  const resources = (body['resources'] ?? []) as ApiResource[];
  return resources
    .filter(({ name, kind, verbs }) => !name.includes('/') && verbs.includes('list') && !NOISE.has(kind))
    .map((resource) => ({ ...resource, ...version }));
}

/** The lines of the kinds of one API version. */
async function linesOf(kube: KubeClient, version: ServedVersion, namespace: string): Promise<string[]> {
  const { base, groupVersion } = version;
  const wanted = await kindsOf(kube, version);
  const lists = await Promise.all(
    wanted.map(async ({ name, kind, namespaced }) => {
      const answer = await kube.call('GET', namespaced ? `${base}/namespaces/${namespace}/${name}` : `${base}/${name}`);
      return (answer.body.items ?? [])
        .filter((object) => namespaced || kind === 'CustomResourceDefinition' || mentions(object, namespace))
        .map((object) => line(object, kind, groupVersion));
    }),
  );
  return lists.flat();
}

/** The lines that are in `after` and not in `before`, sorted. */
export function addedSince(before: ClusterSnapshot, after: ClusterSnapshot): string[] {
  return [...after].filter((entry) => !before.has(entry)).toSorted();
}

async function servedVersions(kube: KubeClient): Promise<ServedVersion[]> {
  const { body } = await kube.call('GET', '/apis');
  const groups = (body['groups'] ?? []) as { preferredVersion: { groupVersion: string } }[];
  const named = groups.map(({ preferredVersion: { groupVersion } }) => ({
    base: `/apis/${groupVersion}`,
    groupVersion,
  }));
  return [
    { base: '/api/v1', groupVersion: 'v1' },
    ...named.filter(({ groupVersion }) => groupVersion !== 'events.k8s.io/v1'),
  ];
}

function line({ metadata }: ClusterObject, kind: string, groupVersion: string): string {
  return `${kind}.${groupVersion} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

function mentions(object: ClusterObject, namespace: string): boolean {
  return JSON.stringify(object).includes(`"${namespace}"`) || object.metadata.name.includes(namespace);
}
