import { describe, expect, it } from 'vitest';
import { NO_SECRETS } from '../../domain/masking/masker.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from './release-cache.ts';

function record(namespace: string, name: string, revision = 1): ReleaseRecord {
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    revision,
    status: 'deployed',
    description: 'Install complete',
    updated: '2026-01-01T00:00:00Z',
    chartName: 'web',
    chartVersion: '1.0.0',
    chartAppVersion: '7',
    configValues: { replicas: 2, nested: { list: [1, 'two', null] } },
    computedValues: { replicas: 2 },
    metaInfoValues: null,
    objects: [{ apiVersion: 'v1', kind: 'Service', namespace, name }],
    facts: null,
    outputs: {},
    seal: { sealed: false, reason: 'it carries no seal' },
    outside: { revision: 0, since: '2026-01-01T00:00:00Z' },
    earlier: '',
    attempt: null,
    paused: false,
    tests: 0,
    notes: '',
    masker: NO_SECRETS,
  };
}

/** The contract of every release cache; `create` returns an empty one. */
export function releaseCacheConformance(create: () => Promise<ReleaseCache>): void {
  describe('a release cache', () => {
    it('gives back what was put, whole', async () => {
      const cache = await create();
      await cache.put(record('a', 'web'));
      expect(await cache.get('a/web')).toEqual(record('a', 'web'));
    });

    it('does not know what was never put', async () => {
      const cache = await create();
      expect(await cache.get('a/web')).toBeUndefined();
      expect(await cache.list()).toEqual([]);
    });

    it('keeps one record per release, the last that was put', async () => {
      const cache = await create();
      await cache.put(record('a', 'web', 1));
      await cache.put(record('a', 'web', 2));
      expect((await cache.list()).map(({ revision }) => revision)).toEqual([2]);
    });

    it('lists by namespace and name, whatever the order of arrival', async () => {
      const cache = await create();
      for (const [namespace, name] of [
        ['b', 'a'],
        ['a', 'z'],
        ['a-b', 'a'],
        ['a', 'b'],
      ] as const) {
        await cache.put(record(namespace, name));
      }
      expect((await cache.list()).map(({ key }) => key)).toEqual(['a/b', 'a/z', 'a-b/a', 'b/a']);
    });

    it('lists one namespace, not those whose names begin alike', async () => {
      const cache = await create();
      await cache.put(record('a', 'web'));
      await cache.put(record('a-b', 'web'));
      expect((await cache.list('a')).map(({ key }) => key)).toEqual(['a/web']);
    });

    it('forgets what was removed and takes no offence at what was not there', async () => {
      const cache = await create();
      await cache.put(record('a', 'web'));
      await cache.remove('a/web');
      await cache.remove('a/web');
      expect(await cache.get('a/web')).toBeUndefined();
      expect(await cache.list('a')).toEqual([]);
    });

    it('notifies subscribers of puts and of effective removals, until they unsubscribe', async () => {
      const cache = await create();
      const notified: string[] = [];
      const unsubscribe = cache.subscribe((key, put) => notified.push(`${key} ${put?.revision ?? 'gone'}`));
      await cache.put(record('a', 'web', 3));
      await cache.remove('a/web');
      await cache.remove('a/web');
      unsubscribe();
      await cache.put(record('a', 'web', 4));
      expect(notified).toEqual(['a/web 3', 'a/web gone']);
    });
  });
}
