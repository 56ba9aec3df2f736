import type { LabelSelector } from '../../domain/kube/label-selector.ts';
import { checkToken, type ListKey, pageOf, type PageQuery } from '../../domain/lists/keyset-page.ts';
import { readSelector } from '../releases/query/read-selector.ts';

/** What a list of objects is asked for; `filters` are those of one kind. */
export type ObjectListQuery = {
  labelselector?: string | undefined;
  /** Part of the name. */
  q?: string | undefined;
  sort: string;
  limit?: number | undefined;
  continue?: string | undefined;
};

/** A page of a list. */
export type ObjectPage<Item> = { num: number; total: number; items: Item[]; continue?: string };

/** A list that is asked for, checked before anything is read. */
export interface AskedList {
  /** Whether an object of this name and with these labels is asked for. */
  wants(name: string, labels: Readonly<Record<string, string>> | undefined): boolean;
  /** The page of what was found; the key ends with the name, or something else that only one item has. */
  page<Item>(found: readonly Item[], keyOf: (item: Item) => ListKey): ObjectPage<Item>;
}

/** @throws ProblemError QUERY_INVALID for a selector or a token that is none */
export function askList(
  { labelselector, q, sort, limit, continue: token }: ObjectListQuery,
  filters: PageQuery['filters'] = {},
): AskedList {
  const selects: LabelSelector | undefined = readSelector(labelselector);
  const query: PageQuery = {
    order: sort,
    filters: { labelselector, q, ...filters },
    ...(limit !== undefined && { limit }),
    ...(token !== undefined && { continue: token }),
  };
  checkToken(query);
  return {
    wants: (name, labels = {}) => (q === undefined || name.includes(q)) && (selects === undefined || selects(labels)),
    page(found, keyOf) {
      const { items, continue: next } = pageOf(found, keyOf, query);
      return { num: items.length, total: found.length, items, ...(next !== undefined && { continue: next }) };
    },
  };
}
