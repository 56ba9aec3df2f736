import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from '../../../test/harness/eventually.ts';
import { turnsUntil } from '../../../test/harness/timing/event-loop-turns.ts';
import { type RedisServer, startRedisServer } from '../../../test/harness/programs/redis-server.ts';
import { sharedCacheConformance } from '../../ports/storage/shared-cache.conformance.ts';
import { type SharedCache, SharedCacheDown } from '../../ports/storage/shared-cache.ts';
import type { RedisSettings } from './redis-settings.ts';
import { createRedisSharedCache } from './shared-cache.ts';

let server: RedisServer;
const open: SharedCache[] = [];
let problems: string[];

beforeAll(async () => {
  server = await startRedisServer();
});

beforeEach(async () => {
  problems = [];
  await server.client.flushall();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});

afterAll(() => server.stop());

function create(given: Partial<RedisSettings> = {}): SharedCache {
  const cache = createRedisSharedCache(
    {
      host: '127.0.0.1',
      port: server.port,
      db: 0,
      connectTimeoutMs: 60_000,
      commandTimeoutMs: 60_000,
      maxBackoffMs: 100,
      ...given,
    },
    ({ message }) => problems.push(message),
  );
  open.push(cache);
  return cache;
}

async function connect(given: Partial<RedisSettings> = {}): Promise<SharedCache> {
  const cache = create(given);
  await eventually(() => expect(cache.isUp()).toBe(true));
  return cache;
}

sharedCacheConformance(() => connect());

const one = new Map([['demo/web', '1']]);

describe('the shared cache in Redis', () => {
  it('is what any other client sees', async () => {
    const cache = await connect();
    await cache.write('walm-releases', one);
    expect(await server.client.hgetall('walm-releases')).toEqual({ 'demo/web': '1' });
  });

  it('replaces another data type under the key with a hash', async () => {
    const cache = await connect();
    await server.client.set('walm-releases', 'no hash');
    expect(await cache.fields('walm-releases')).toEqual([]);
    expect(await cache.get('walm-releases', ['demo/web'])).toEqual(new Map());
    await cache.write('walm-releases', one);
    expect(await cache.get('walm-releases', ['demo/web'])).toEqual(one);
  });

  it('refuses while Redis is killed, and goes on by itself when it is back', async () => {
    const cache = await connect();
    const seen: boolean[] = [];
    cache.subscribe((up) => seen.push(up));
    await server.kill();
    await eventually(() => expect(cache.isUp()).toBe(false));
    await expect(cache.write('walm-releases', one)).rejects.toThrow(SharedCacheDown);
    await server.restart();
    await eventually(() => expect(cache.isUp()).toBe(true));
    await cache.write('walm-releases', one);
    expect(seen).toEqual([false, true]);
  });

  it('does not wait for a frozen Redis: once for the timeout, and then not at all', async () => {
    const cache = await connect({ commandTimeoutMs: 300 });
    server.freeze();
    try {
      await expect(cache.fields('walm-releases')).rejects.toThrow(SharedCacheDown);
      for (let i = 0; i < 100; i += 1) {
        const reading = cache.get('walm-releases', ['demo/web']);
        // Who waits for a timeout waits for a great many turns.
        expect(await turnsUntil(reading)).toBeLessThan(5);
        await expect(reading).rejects.toThrow(SharedCacheDown);
      }
    } finally {
      server.wake();
    }
    await eventually(() => cache.write('walm-releases', one));
  });

  it('stays connected when Redis refuses a command', async () => {
    const cache = await connect();
    await server.client.config('SET', 'maxmemory', '1');
    try {
      await expect(cache.write('walm-releases', one)).rejects.toThrow(/OOM/);
      expect(cache.isUp()).toBe(true);
    } finally {
      await server.client.config('SET', 'maxmemory', '0');
    }
    await cache.write('walm-releases', one);
  });

  it('writes to the configured database', async () => {
    const cache = await connect({ db: 3 });
    await cache.write('walm-releases', one);
    expect(await server.client.exists('walm-releases')).toBe(0);
  });

  it('logs in with a password, and is away with a wrong one', async () => {
    const locked = await startRedisServer({
      lines: () => ['requirepass sesame'],
      client: { password: 'sesame' },
    });
    try {
      const cache = await connect({ port: locked.port, password: 'sesame' });
      await cache.write('walm-releases', one);
      const refused = create({ port: locked.port, password: 'wrong' });
      await eventually(() => expect(problems.join()).toMatch(/WRONGPASS/));
      expect(refused.isUp()).toBe(false);
      expect(problems.join()).not.toContain('sesame');
    } finally {
      await locked.stop();
    }
  });
});
