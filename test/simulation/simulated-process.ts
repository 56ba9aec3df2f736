import type { Clock } from '../../server/ports/runtime/clock.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process of a simulated machine: everything that it hears of, timers included, comes through `wake`. */
export interface SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  isAlive(): boolean;
  /** Runs `run` at once; when the process is frozen as soon as it goes on, when it is dead never. */
  wake(run: () => void): void;
  /** Nothing runs in it for this time, and time goes on meanwhile. */
  freeze(ms: number): void;
  /** Nothing runs in it any more: whatever it waits for does not come. */
  kill(): void;
  /** Calls back, in the world, when it is killed. */
  onKilled(listener: () => void): void;
}

/** `skewMs` is how far its clock is ahead of the world's. */
export function createSimulatedProcess(time: VirtualTime, name: string, skewMs = 0): SimulatedProcess {
  let alive = true;
  let frozenUntil = 0;
  let held: (() => void)[] = [];
  const listeners: (() => void)[] = [];

  function thaw(): void {
    if (time.now() < frozenUntil) return;
    const due = held;
    held = [];
    // Like the events of a real loop: one after the other, each with what comes of it.
    due.forEach((run) => time.after(0, () => process.wake(run)));
  }

  const process: SimulatedProcess = {
    name,
    clock: {
      now: () => time.now() + skewMs,
      after: (delayMs, run) => time.after(delayMs, () => process.wake(run)),
    },
    isAlive: () => alive,
    wake(run) {
      if (!alive) return;
      if (time.now() < frozenUntil) held.push(run);
      else run();
    },
    freeze(ms) {
      frozenUntil = Math.max(frozenUntil, time.now() + ms);
      time.after(ms, thaw);
    },
    kill() {
      alive = false;
      held = [];
      listeners.splice(0).forEach((listener) => listener());
    },
    onKilled: (listener) => void listeners.push(listener),
  };
  return process;
}
