import type { Leadership } from '../../ports/leadership.ts';

/** One lead within one process: contenders take turns in the order in which they run. */
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
      const tell = (leading: boolean) => listeners.forEach((listener) => listener(leading));
      return {
        isLeader: () => holder === self,
        isLed: () => holder !== undefined,
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        async run(signal) {
          const seek = () => {
            if (holder === undefined && !signal.aborted) {
              holder = self;
              tell(true);
            }
          };
          waiting.add(seek);
          seek();
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve(), { once: true });
            if (signal.aborted) {
              resolve();
            }
          });
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
