/** The namespaces whose releases a caller may list. Where the type is `VisibleNamespaces | null`, null is all of them. */
export interface VisibleNamespaces {
  /** Whether the caller may list the releases of all namespaces at once. */
  isEverything(): Promise<boolean>;
  sees(namespace: string): Promise<boolean>;
}

/** Questions that are sent to the cluster at the same time for one answer. */
const AT_ONCE = 16;

/** Those of some namespaces that are seen; null: all of them. */
export async function seenAmong(
  visible: VisibleNamespaces | null,
  namespaces: Iterable<string>,
): Promise<ReadonlySet<string> | null> {
  if (visible === null || (await visible.isEverything())) {
    return null;
  }
  const all = [...new Set(namespaces)];
  const seen = new Set<string>();
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((namespace) => visible.sees(namespace)));
    some.filter((_, i) => answers[i]).forEach((namespace) => seen.add(namespace));
  }
  return seen;
}

/** What lies in namespaces that are seen. */
export async function onlySeen<T extends { readonly namespace: string }>(
  visible: VisibleNamespaces | null,
  items: readonly T[],
): Promise<readonly T[]> {
  const seen = await seenAmong(
    visible,
    items.map(({ namespace }) => namespace),
  );
  return seen === null ? items : items.filter(({ namespace }) => seen.has(namespace));
}
