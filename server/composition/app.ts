import type { Logger } from 'pino';
import type { Adapters } from './adapters/adapters.ts';
import { productAdapters } from './adapters/product.ts';
import { compose } from './compose.ts';
import type { Overrides } from './overrides.ts';
import type { Config } from '../config/config-options.ts';
import { sleep } from '../ports/runtime/clock.ts';
import { createCloser } from '../process/closer.ts';
import type { DataFolder } from '../process/data-folder.ts';

/** The whole server. */
export interface App {
  /** Starts everything; resolves with the address once the server listens, ready or not. */
  start(): Promise<string>;
  /** Stops everything in reverse order within `shutdownSec`; resolves with the parts that did not stop. */
  stop(): Promise<string[]>;
}

/** What the server needs in addition to its configuration. */
export interface AppContext {
  /** The server's folders; released when the server has stopped. */
  readonly folder: DataFolder;
  readonly log: Logger;
  readonly version: string;
}

/**
 * Assembles the server: the one place that knows every part. `overrides` replaces adapters. Starts the engine;
 * everything else waits for `start`. Throws, with everything stopped again, if the configuration names something
 * unusable.
 */
export async function createApp(config: Config, context: AppContext, overrides: Overrides = {}): Promise<App> {
  const adapters: Adapters = { ...productAdapters, ...overrides };
  const { folder, log, version } = context;
  const closer = createCloser({ log, delay: (ms) => sleep(adapters.clock, ms) });
  closer.push('data folder', () => folder.close());
  try {
    const start = await compose({ adapters, closer, config, folder, version, writes: overrides.writes, log });
    return { start, stop: () => closer.close(config.shutdownSec * 1000) };
  } catch (error) {
    await closer.close(config.shutdownSec * 1000);
    throw error;
  }
}
