import { afterEach, describe, expect, it } from 'vitest';
import { MAX_SHARED_VALUE_BYTES, type SharedCache, SharedCacheDown } from './shared-cache.ts';

/** The contract of every shared cache; `create` returns an empty one that is reachable. */
export function sharedCacheConformance(create: () => Promise<SharedCache>): void {
  describe('a shared cache', () => {
    const open: SharedCache[] = [];

    afterEach(async () => {
      await Promise.all(open.splice(0).map((cache) => cache.close()));
    });

    async function start(): Promise<SharedCache> {
      const cache = await create();
      open.push(cache);
      return cache;
    }

    it('is up and empty at first', async () => {
      const cache = await start();
      expect(cache.isUp()).toBe(true);
      expect(await cache.fields('walm-releases')).toEqual([]);
      expect(await cache.get('walm-releases', ['demo/web'])).toEqual(new Map());
    });

    it('keeps values as they are, hash by hash', async () => {
      const cache = await start();
      const value = '{"name":"Wälm ✓","text":"a\\nb"}';
      await cache.write('walm-releases', new Map([['demo/web', value]]));
      await cache.write('walm-release-tasks', new Map([['demo/web', 'other']]));
      expect(await cache.get('walm-releases', ['demo/web', 'demo/none'])).toEqual(new Map([['demo/web', value]]));
      expect(await cache.fields('walm-release-tasks')).toEqual(['demo/web']);
      expect(await cache.fields('walm-project-tasks')).toEqual([]);
    });

    it('replaces and removes in one write', async () => {
      const cache = await start();
      const first: [string, string][] = [
        ['a/one', '1'],
        ['a/two', '2'],
      ];
      await cache.write('walm-releases', new Map(first));
      const second: [string, string | null][] = [
        ['a/one', '3'],
        ['a/two', null],
        ['a/none', null],
      ];
      await cache.write('walm-releases', new Map(second));
      expect(await cache.get('walm-releases', ['a/one', 'a/two'])).toEqual(new Map([['a/one', '3']]));
    });

    it('takes many fields at once', async () => {
      const cache = await start();
      const many = Array.from({ length: 1_500 }, (_, index): [string, string] => [`demo/app-${index}`, `${index}`]);
      await cache.write('walm-releases', new Map(many));
      expect((await cache.fields('walm-releases')).toSorted()).toEqual(many.map(([field]) => field).toSorted());
      expect(
        await cache.get(
          'walm-releases',
          many.map(([field]) => field),
        ),
      ).toEqual(new Map(many));
    });

    it('does nothing for no changes and no fields', async () => {
      const cache = await start();
      await expect(cache.write('walm-releases', new Map())).resolves.toBeUndefined();
      expect(await cache.get('walm-releases', [])).toEqual(new Map());
    });

    it('does not read a value that is too long, and lists its field', async () => {
      const cache = await start();
      await cache.write('walm-releases', new Map([['demo/long', 'x'.repeat(MAX_SHARED_VALUE_BYTES + 1)]]));
      expect(await cache.get('walm-releases', ['demo/long'])).toEqual(new Map());
      expect(await cache.fields('walm-releases')).toEqual(['demo/long']);
    });

    it('refuses everything once it is closed', async () => {
      const cache = await start();
      await cache.close();
      expect(cache.isUp()).toBe(false);
      await expect(cache.fields('walm-releases')).rejects.toThrow(SharedCacheDown);
      await expect(cache.get('walm-releases', ['a/b'])).rejects.toThrow(SharedCacheDown);
      await expect(cache.write('walm-releases', new Map([['a/b', '1']]))).rejects.toThrow(SharedCacheDown);
    });
  });
}
