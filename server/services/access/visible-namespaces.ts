/** The namespaces whose releases a caller may list. In `VisibleNamespaces | null`, null means all of them. */
export interface VisibleNamespaces {
  /** Whether the caller may list releases in all namespaces at once. */
  isEverything(): Promise<boolean>;
  sees(namespace: string): Promise<boolean>;
}

/** Maximum concurrent reviews for one answer. */
const AT_ONCE = 16;

/** Those of the given namespaces that are visible; null: all of them. */
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

/** The items that lie in visible namespaces. */
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
