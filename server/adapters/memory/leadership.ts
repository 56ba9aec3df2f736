import { whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership, Term } from '../../ports/storage/leadership.ts';

/** One lead within one process: candidates take turns in the order in which they run. */
export interface MemoryLead {
  contender(): Leadership;
}

export function createMemoryLead(): MemoryLead {
  let holder: object | undefined;
  const waiting = new Set<() => void>();
  return {
    contender() {
      const self = {};
      const listeners = new Set<(leading: boolean) => void>();
      const renewals = new Set<(term: Term) => void>();
      let number = 0;
      const term = (): Term => ({ number, untilMs: Number.MAX_SAFE_INTEGER });
      const tell = (leading: boolean) => listeners.forEach((listener) => listener(leading));
      return {
        isLeader: () => holder === self,
        term: () => (holder === self ? term() : null),
        onRenewed(listener) {
          renewals.add(listener);
          return () => renewals.delete(listener);
        },
        isLed: () => holder !== undefined,
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        async run(signal) {
          const seek = () => {
            if (holder === undefined && !signal.aborted) {
              holder = self;
              number += 1;
              tell(true);
              renewals.forEach((listener) => listener(term()));
            }
          };
          waiting.add(seek);
          seek();
          await whenAborted(signal);
          waiting.delete(seek);
          if (holder === self) {
            holder = undefined;
            tell(false);
            waiting.forEach((next) => next());
          }
        },
      };
    },
  };
}
