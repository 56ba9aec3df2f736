/** Links from names to other names, found from either end. */
export type NameLinks = {
  /** Links `source` to these targets, instead of its former ones. */
  replace(source: string, targets: readonly string[]): void;
  /** The sources linked to a target. */
  to(target: string): string[];
  /** Whether any source is linked to a target. */
  has(target: string): boolean;
  /** All sources with a link. */
  sources(): string[];
  /** All targets with a link. */
  targets(): string[];
};

/** No links. */
export function createNameLinks(): NameLinks {
  const targets = new Map<string, readonly string[]>();
  const sources = new Map<string, Set<string>>();
  return {
    replace(source, next) {
      for (const target of targets.get(source) ?? []) {
        sources.get(target)?.delete(source);
        if (sources.get(target)?.size === 0) {
          sources.delete(target);
        }
      }
      if (next.length === 0) {
        targets.delete(source);
      } else {
        targets.set(source, next);
      }
      next.forEach((target) => sources.set(target, (sources.get(target) ?? new Set()).add(source)));
    },
    to: (target) => [...(sources.get(target) ?? [])],
    has: (target) => sources.has(target),
    sources: () => [...targets.keys()],
    targets: () => [...sources.keys()],
  };
}
