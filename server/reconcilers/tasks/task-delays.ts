import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Recheck } from '../../services/tasks/task-executor.ts';

/** Releases whose first task has to wait before it runs again. */
export type TaskDelays = {
  /** Starts a pause, replacing an earlier one of the release; `onOver` is called when the pause ends by itself. */
  begin(key: ReleaseKey, pause: Recheck): void;
  /** Ends the pause of a release, if there is one, without calling `onOver`. */
  end(key: ReleaseKey): void;
  has(key: ReleaseKey): boolean;
  keys(): Iterable<ReleaseKey>;
  endAll(): void;
};

export function createTaskDelays(clock: Pick<Clock, 'after'>, onOver: () => void): TaskDelays {
  const ends = new Map<ReleaseKey, () => void>();

  function end(key: ReleaseKey): void {
    ends.get(key)?.();
    ends.delete(key);
  }

  return {
    begin(key, { recheckMs, sooner }) {
      end(key);
      const wake = () => {
        end(key);
        onOver();
      };
      const cancel = clock.after(recheckMs, wake);
      ends.set(key, cancel);
      const unsubscribe = sooner?.(wake);
      if (unsubscribe !== undefined && ends.get(key) === cancel) {
        ends.set(key, () => {
          cancel();
          unsubscribe();
        });
      } else {
        unsubscribe?.();
      }
    },
    end,
    has: (key) => ends.has(key),
    keys: () => ends.keys(),
    endAll: () => [...ends.keys()].forEach(end),
  };
}
