import { keyText } from './keyset-page.ts';

/** The values of one field and how often each occurs; the most frequent first. */
export type Facet = {
  values: { value: string; count: number }[];
  /** Number of values that are left out. */
  more: number;
};

/** Values of each facet that are shown. */
const MAX_VALUES = 100;

/** Counts values, of which only the most frequent ones are shown. */
export type FacetCounter = {
  add(value: string): void;
  counted(): Facet;
};

export function createFacetCounter(): FacetCounter {
  const counts = new Map<string, number>();
  return {
    add(text) {
      const value = keyText(text);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    counted() {
      const all = [...counts].map(([value, count]) => ({ value, count }));
      const sorted = all.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
      return { values: sorted.slice(0, MAX_VALUES), more: Math.max(sorted.length - MAX_VALUES, 0) };
    },
  };
}
