import { expect, test } from 'vitest';

import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { createReadProvidersOnce } from './read-providers-once.ts';

test('asks once for a namespace, however many providers of it do not exist', async () => {
  const listed: string[] = [];
  const readProviders = createReadProvidersOnce({
    cache: createMemoryReleaseCache(),
    current: {
      async list(namespace) {
        listed.push(namespace);
        return [];
      },
    },
    engine: { getRelease: () => Promise.reject(new Error('nothing is there to be read')) },
    live: createMemoryLiveObjects(),
    secrets: { read: () => Promise.reject(new Error('nothing is there to be read')) },
    digestKey: { read: () => Promise.resolve(new Uint8Array(32)) },
    readerOf: () => Promise.reject(new Error('nothing is there to be read')),
    authorization: { demand: () => Promise.resolve() },
  });
  const readProvider = readProviders();
  const keys = ['demo', 'other'].flatMap((namespace) =>
    Array.from({ length: 500 }, (_, i) => releaseKey(namespace, `db-${i}`)),
  );
  const found = await Promise.all(keys.map((key) => readProvider(key)));
  expect(found.every((one) => one === null)).toBe(true);
  expect(listed).toEqual(['demo', 'other']);
});
