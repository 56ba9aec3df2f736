/** Links from names to other names, found from either end. */
export type NameLinks = {
  /** Links `source` to these targets, and no longer to those before. */
  replace(source: string, targets: readonly string[]): void;
  /** What is linked to a target. */
  to(target: string): string[];
  /** Whether anything is linked to a target. */
  has(target: string): boolean;
  /** Everything that is linked to something. */
  sources(): string[];
  /** Everything that something is linked to. */
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
