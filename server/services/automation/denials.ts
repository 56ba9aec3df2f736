import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Denial } from './judge-automation.ts';

/** A kind of automatic change. */
export type Undertaking = 'dependencies' | 'onFailure';

/** Automatic changes that are currently denied, as the leader knows them. Losing them does no harm. */
export type Denials = {
  set(key: ReleaseKey, what: Undertaking, denial: Denial | null): void;
  of(key: ReleaseKey): { what: Undertaking; denial: Denial }[];
  /** Number of releases with a denied automatic change. */
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
