import type { KubeObject } from './kube-object.ts';

/** Helm sets them on every object it applies; they cannot be forged without write access to the object. */
const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/** The release that a live object says it belongs to, undefined where it says nothing. */
export function markOf({ metadata }: KubeObject): { namespace: string | undefined; name: string | undefined } {
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = metadata.annotations ?? {};
  return { namespace, name };
}

/** Whether Helm marked a live object as a release's. */
export function isMarkedAs(release: { namespace: string; name: string }, object: KubeObject): boolean {
  const { namespace, name } = markOf(object);
  return name === release.name && namespace === release.namespace;
}

/** Whether Helm marked a live object as belonging to any release. */
export function isMarked(object: KubeObject): boolean {
  const { namespace, name } = markOf(object);
  return name !== undefined || namespace !== undefined;
}
