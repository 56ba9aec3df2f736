import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import { createFakeApi, doneTask, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';

let api: FakeApi;
afterEach(() => api.close());

const GZIP = { 'accept-encoding': 'gzip' };

async function start(releases: number): Promise<void> {
  const items = Array.from({ length: releases }, (_, at) => ({ namespace: 'demo', name: `release-${at}` }));
  api = await createFakeApi({
    listReleases: async () => ({ num: releases, total: releases, items: items as ReleaseInfo[] }),
    installRelease: async () => ({
      task: doneTask,
      finished: false,
      warnings: [{ code: 'LONG', message: 'x'.repeat(10_000) }],
    }),
  });
}

it('compresses a large list for a client that accepts it, with the same content', async () => {
  await start(1_000);
  const plain = await api.app.inject({ url: '/api/v1/release?view=names' });
  const small = await api.app.inject({ url: '/api/v1/release?view=names', headers: GZIP });
  expect([plain.headers['content-encoding'], small.headers['content-encoding']]).toEqual([undefined, 'gzip']);
  expect([plain.headers['vary'], small.headers['vary']]).toEqual(['Accept-Encoding', 'Accept-Encoding']);
  expect(small.headers['content-type']).toBe('application/json');
  expect(Number(small.headers['content-length'])).toBe(small.rawPayload.length);
  expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 5);
  expect(gunzipSync(small.rawPayload)).toEqual(plain.rawPayload);
});

it('leaves small answers, answers to changes, and errors as they are', async () => {
  await start(3);
  const list = await api.app.inject({ url: '/api/v1/release?view=names', headers: GZIP });
  const change = await api.app.inject({
    method: 'POST',
    url: '/api/v1/release/demo?async=true',
    headers: GZIP,
    payload: { name: 'web' },
  });
  expect(change.rawPayload.length).toBeGreaterThan(5_000);
  const error = await api.app.inject({ url: `/api/v1/release?phase=${'x'.repeat(5_000)}`, headers: GZIP });
  expect([list, change, error].map(({ headers }) => headers['content-encoding'])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
