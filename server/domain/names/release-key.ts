/** Identifies one release: `namespace/name`. Neither part contains a slash (Kubernetes and Helm names). */
export type ReleaseKey = string;

/** The key of a release. */
export function releaseKey(namespace: string, name: string): ReleaseKey {
  return `${namespace}/${name}`;
}

/** Splits a key; a text without a slash is a programming error and throws. */
export function parseReleaseKey(key: ReleaseKey): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  if (slash < 0) {
    throw new Error(`not a release key: ${key}`);
  }
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
