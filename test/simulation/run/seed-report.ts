import type { Emphasis } from './emphasis.ts';
import type { Patch } from './patch.ts';

/** The result of a seed, as sent between threads. */
export interface SeedReport {
  seed: number;
  /** Violated rules and differences; empty for a good run. */
  problems: string[];
  /** Simulated events. */
  events: number;
  /** Digest of the whole trace. */
  digest: string;
  /** The last lines of the trace. */
  last: string[];
  /** The file with the whole trace; absent if it was not written. */
  traceFile?: string;
}

/** An order to a thread. */
export interface SeedOrder {
  seed: number;
  /** Write the trace even of a good run. */
  isTraced?: boolean;
  /** A change of the sources. */
  patch?: Patch;
  /** Absent: the usual run. */
  emphasis?: Emphasis;
}
