import type { Patch } from './patch.ts';

/** What the run of one seed came to, as one thread tells another. */
export interface SeedReport {
  seed: number;
  /** What is wrong; empty where everything is as it must be. */
  troubles: string[];
  /** Steps of the world. */
  events: number;
  /** Of every line of the trace. */
  digest: string;
  /** The last lines of the trace. */
  last: string[];
  /** Where every line of it is; absent where nothing is wrong, or nobody wants it. */
  traceFile?: string;
}

/** What a thread is asked for. */
export interface SeedOrder {
  seed: number;
  /** Write the trace even where nothing is wrong. */
  isTraced?: boolean;
  /** Changes the sources that are run. */
  patch?: Patch;
}
