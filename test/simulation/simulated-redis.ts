import { MAX_SHARED_VALUE_BYTES, type SharedCache, SharedCacheDown } from '../../server/ports/storage/shared-cache.ts';
import type { Link } from './world/network.ts';
import type { SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

const COMMAND_MS = 2_000;

/** The Redis of the simulated world, reached from one process of a machine. */
export function createSimulatedRedis(
  { hashes }: Pick<SimulatedWorld, 'hashes'>,
  link: Link,
  process: SimulatedProcess,
): SharedCache {
  const listeners = new Set<(up: boolean) => void>();
  let isClosed = false;
  const isUp = () => !isClosed && hashes.isUp();
  hashes.onChange((up) => process.wake(() => listeners.forEach((listener) => listener(up && !isClosed))));

  async function send<T>(about: string, act: () => T): Promise<T> {
    if (!isUp()) throw new SharedCacheDown('it is away');
    try {
      return await link.request(process, about, { timeoutMs: COMMAND_MS, unguarded: true }, () => {
        if (!hashes.isUp()) throw new Error('it went away');
        return act();
      });
    } catch (error) {
      throw new SharedCacheDown('it does not answer', error);
    }
  }

  return {
    fields: (hash) => send(`HKEYS ${hash}`, () => [...hashes.content(hash).keys()]),
    get: (hash, fields) =>
      send(`HMGET ${hash}`, () => {
        const content = hashes.content(hash);
        const known = fields.flatMap((field): [string, string][] => {
          const value = content.get(field);
          return value === undefined || value.length > MAX_SHARED_VALUE_BYTES ? [] : [[field, value]];
        });
        return new Map(known);
      }),
    write: (hash, changes) =>
      send(`HSET ${hash}`, () => {
        const content = hashes.content(hash);
        changes.forEach((value, field) => (value === null ? content.delete(field) : content.set(field, value)));
      }),
    isUp,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
