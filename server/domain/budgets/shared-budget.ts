/** A limited amount that callers share: bytes of bodies, open streams, unfinished tasks. */
export interface SharedBudget {
  /**
   * Takes an amount for one holder; `null` if that would exceed the limit of the holder, or of all.
   * @returns releases it; calling it again does nothing
   */
  take(holder: string, amount: number): (() => void) | null;
  /** The amount taken now, by all. */
  taken(): number;
  /** Number of holders of anything. */
  holders(): number;
}

/** A budget of `all`, of which one holder gets at most `each`. Nothing is remembered of holders that hold nothing. */
export function createSharedBudget({ all, each }: { readonly all: number; readonly each: number }): SharedBudget {
  const held = new Map<string, number>();
  let total = 0;

  function change(holder: string, amount: number): void {
    const now = (held.get(holder) ?? 0) + amount;
    total += amount;
    if (now === 0) {
      held.delete(holder);
    } else {
      held.set(holder, now);
    }
  }

  return {
    take(holder, amount) {
      if (total + amount > all || (held.get(holder) ?? 0) + amount > each) {
        return null;
      }
      change(holder, amount);
      let isHeld = true;
      return () => {
        if (isHeld) {
          isHeld = false;
          change(holder, -amount);
        }
      };
    },
    taken: () => total,
    holders: () => held.size,
  };
}
