import { mapBounded } from '../../ports/runtime/map-bounded.ts';

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
  const answers = await mapBounded(all, AT_ONCE, (namespace) => visible.sees(namespace));
  return new Set(all.filter((_, at) => answers[at]));
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
