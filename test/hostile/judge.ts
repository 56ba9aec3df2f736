import { quantile } from '../bench/sample.ts';
import type { Allowance } from './attack.ts';
import type { Experience } from './experience.ts';
import type { LoopDelays } from './loop-delay.ts';
import type { PeakMemory } from './process-memory.ts';
import type { Residue } from './residue.ts';

/** What was measured in some seconds. */
export interface Window {
  experience: Experience;
  loop: LoopDelays;
  memory: PeakMemory;
}

/** The promises to other callers under any attack, on a fast machine. */
export const PROMISED = {
  getP99Ms: 250,
  installP95Ms: 3_000,
  loopP99Ms: 100,
  serverMi: 600,
  engineMi: 1_024,
} as const;

/** What an attack may leave behind unless it declares more. */
const LEFT = { diskMi: 2, objectsKi: 512, heapMi: 24 } as const;

/** A busy machine makes everything slow: up to this many times the quiet figure is acceptable. */
const TIMES_OF_QUIET = 2;
const TOO_MUCH = 'too much: ';

/** One figure during an attack beside the same one before it. */
export interface Figure {
  what: string;
  quiet: number;
  attacked: number;
  allowed: number;
  /** The figure is a duration, which also depends on the machine's load. */
  isTime?: true;
}

/**
 * The figures of an attack. `slowness` says how many times slower than a fast machine this one was before the attack;
 * durations may be that many times longer. Durations of others are also compared with the quiet window. Sizes depend on
 * neither. Of the event loop's delay only what the server computed itself is counted.
 */
export function figuresOf(quiet: Window, attacked: Window, slowness: number): Figure[] {
  const time = (what: string, of: (window: Window) => number, promised: number): Figure => {
    const [before, during] = [of(quiet), of(attacked)];
    const allowed = Math.max(promised * slowness, before * TIMES_OF_QUIET);
    return { what, quiet: before, attacked: during, allowed, isTime: true };
  };
  const size = (what: string, of: (memory: PeakMemory) => number, allowed: number): Figure => ({
    what,
    quiet: of(quiet.memory),
    attacked: of(attacked.memory),
    allowed,
  });
  const loop: Figure = {
    what: 'event loop p99 ms',
    quiet: quiet.loop.p99,
    attacked: attacked.loop.p99,
    allowed: PROMISED.loopP99Ms * slowness,
    isTime: true,
  };
  return [
    time('GET p99 ms', ({ experience }) => quantile(experience.gets, 0.99), PROMISED.getP99Ms),
    time('install p95 ms', ({ experience }) => quantile(experience.installs, 0.95), PROMISED.installP95Ms),
    loop,
    size('server Mi', ({ serverMi }) => serverMi, PROMISED.serverMi),
    size('engine Mi', ({ engineMi }) => engineMi, PROMISED.engineMi),
  ];
}

/** What remains after an attack that did not exist before. */
export function leftovers(before: Residue, after: Residue, leaves?: Allowance): Figure[] {
  const left = (what: string, field: 'diskMi' | 'objectsKi' | 'heapMi', unit: string): Figure => ({
    what: `${what} ${unit}`,
    quiet: before[field],
    attacked: after[field],
    allowed: before[field] + (leaves?.[field] ?? LEFT[field]),
  });
  return [
    left('left on disk', 'diskMi', 'Mi'),
    left('left in the cluster', 'objectsKi', 'Ki'),
    left('left in memory', 'heapMi', 'Mi'),
  ];
}

/** The figures that exceed their limits, described; a figure that could not be measured counts as one. */
export function broken(figures: readonly Figure[]): string[] {
  return figures
    .filter(({ attacked, allowed }) => !(attacked <= allowed))
    .map((figure) => `${TOO_MUCH}${shown(figure)}`);
}

/** Whether a line of harm is a figure, and not an answer or an event. */
export function isFigure(line: string): boolean {
  return line.startsWith(TOO_MUCH);
}

/** Whether only durations exceed their limits. */
export function isTimeAlone(figures: readonly Figure[]): boolean {
  const above = figures.filter(({ attacked, allowed }) => !(attacked <= allowed));
  return above.length > 0 && above.every(({ isTime }) => isTime === true);
}

/** One figure as a line. */
export function shown({ what, quiet, attacked, allowed }: Figure): string {
  const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  const ratio = quiet > 0 ? `, ×${(attacked / quiet).toFixed(1)}` : '';
  return `${what} ${round(attacked)} (quiet ${round(quiet)}${ratio}, allowed ${round(allowed)})`;
}
