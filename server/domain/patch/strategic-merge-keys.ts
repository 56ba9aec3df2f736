/** How a list in a Kubernetes object is merged: entry by entry by a key, as a set of values, or as a whole. */
export type ListStrategy = { by: string } | 'set' | 'atomic';

/**
 * The lists of a kind that a strategic merge patch merges, as the cluster describes them, by their path: names of fields
 * and `*` for entries, with slashes between. The value is the field that tells entries apart, empty where they are plain
 * values.
 */
export type MergeKeys = Readonly<Record<string, string>>;

/** The strategy of the list at a path; what the cluster says nothing of is replaced as a whole. */
export function listStrategy(keys: MergeKeys, path: string): ListStrategy {
  const key = Object.hasOwn(keys, path) ? keys[path] : undefined;
  return key === undefined ? 'atomic' : key === '' ? 'set' : { by: key };
}

/** The kind of an object, as its merge keys are kept. */
export function kindName({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion}/${kind}`;
}
