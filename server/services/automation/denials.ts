import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Denial } from './judge-automation.ts';

/** What Walm would do by itself. */
export type Undertaking = 'dependencies' | 'onFailure';

/** What Walm may not do by itself at the moment, as the replica that leads knows it; lost without harm. */
export type Denials = {
  set(key: ReleaseKey, what: Undertaking, denial: Denial | null): void;
  of(key: ReleaseKey): { what: Undertaking; denial: Denial }[];
  /** Releases of which Walm may not do something. */
  count(): number;
};

export function createDenials(): Denials {
  const known = new Map<ReleaseKey, Map<Undertaking, Denial>>();
  return {
    set(key, what, denial) {
      const all = new Map(known.get(key));
      if (denial === null) {
        all.delete(what);
      } else {
        all.set(what, denial);
      }
      if (all.size === 0) {
        known.delete(key);
      } else {
        known.set(key, all);
      }
    },
    of: (key) => [...(known.get(key) ?? [])].map(([what, denial]) => ({ what, denial })),
    count: () => known.size,
  };
}
