/** The namespaces whose releases a caller may list. Where the type is `Sight | null`, null is all of them. */
export interface Sight {
  /** Whether the caller may list the releases of all namespaces at once. */
  isEverything(): Promise<boolean>;
  sees(namespace: string): Promise<boolean>;
}

/** Questions that are sent to the cluster at the same time for one answer. */
const AT_ONCE = 16;

/** Those of some namespaces that are seen; null: all of them. */
export async function seenAmong(
  sight: Sight | null,
  namespaces: Iterable<string>,
): Promise<ReadonlySet<string> | null> {
  if (sight === null || (await sight.isEverything())) {
    return null;
  }
  const all = [...new Set(namespaces)];
  const seen = new Set<string>();
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((namespace) => sight.sees(namespace)));
    some.filter((_, i) => answers[i]).forEach((namespace) => seen.add(namespace));
  }
  return seen;
}

/** What lies in namespaces that are seen. */
export async function onlySeen<T extends { readonly namespace: string }>(
  sight: Sight | null,
  items: readonly T[],
): Promise<readonly T[]> {
  const seen = await seenAmong(
    sight,
    items.map(({ namespace }) => namespace),
  );
  return seen === null ? items : items.filter(({ namespace }) => seen.has(namespace));
}
