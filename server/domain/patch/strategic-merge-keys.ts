/** How a list in a Kubernetes object is merged: entry by entry by a key, as a set of values, or as a whole. */
export type ListStrategy = { by: string } | 'set' | 'atomic';

/**
 * The lists of a kind that a strategic merge patch merges, as the cluster's OpenAPI describes them, by path: field names
 * and `*` for entries, joined by slashes. The value is the merge key, empty if the entries are plain values.
 */
export type MergeKeys = Readonly<Record<string, string>>;

/** The strategy of the list at a path; a list that the cluster does not describe is replaced as a whole. */
export function listStrategy(keys: MergeKeys, path: string): ListStrategy {
  const key = Object.hasOwn(keys, path) ? keys[path] : undefined;
  return key === undefined ? 'atomic' : key === '' ? 'set' : { by: key };
}

/** The key of a kind in a map of merge keys. */
export function kindName({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion}/${kind}`;
}
