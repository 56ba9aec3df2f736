import type { Clock } from '../../../server/ports/runtime/clock.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process of a simulated machine: everything it receives, timers included, comes through `wake`. */
export interface SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  isAlive(): boolean;
  /** Runs `run` at once; in a frozen process when it resumes, in a dead one never. */
  wake(run: () => void): void;
  /** Nothing runs in the process for this time, while time continues. */
  freeze(ms: number): void;
  /** Nothing runs in the process any more, and nothing that it waits for arrives. */
  kill(): void;
  /** Calls back, in the world, when the process is killed. */
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
    // Like the events of a real event loop: one after the other, each with its consequences.
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
