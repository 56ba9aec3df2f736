import { type SharedCache, SharedCacheDown } from '../../server/ports/storage/shared-cache.ts';
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
  hashes.onChange((up) => process.wake(() => listeners.forEach((listener) => listener(up))));

  async function send<T>(about: string, act: () => T): Promise<T> {
    if (!hashes.isUp()) throw new SharedCacheDown('it is away');
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
        return new Map(fields.flatMap((field) => (content.has(field) ? [[field, content.get(field) ?? '']] : [])));
      }),
    write: (hash, changes) =>
      send(`HSET ${hash}`, () => {
        const content = hashes.content(hash);
        changes.forEach((value, field) => (value === null ? content.delete(field) : content.set(field, value)));
      }),
    isUp: () => hashes.isUp(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}
