import type { KubeObject } from './kube-object.ts';

/** Helm sets them on every object it applies; they cannot be forged without write access to the object. */
const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/** Whether Helm marked a live object as a release's. */
export function isMarkedAs(release: { namespace: string; name: string }, { metadata }: KubeObject): boolean {
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = metadata.annotations ?? {};
  return name === release.name && namespace === release.namespace;
}

/** Whether Helm marked a live object as belonging to any release. */
export function isMarked({ metadata }: KubeObject): boolean {
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = metadata.annotations ?? {};
  return name !== undefined || namespace !== undefined;
}
