import { expect, test } from 'vitest';
import { asKubeObject } from '../../../domain/kube/kube-object.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { createKubeSourceCredentials } from './source-credentials.ts';

/** A namespace with so many labelled Secrets, each with a password of so many bytes; tells what was asked for. */
function labelled(count: number, bytes: number) {
  const asked = { pages: 0, now: 0, most: 0 };
  const data = { url: Buffer.from('https://charts.example').toString('base64'), password: 'A'.repeat(bytes) };
  const kube: Pick<KubeApi, 'list'> = {
    async list(_path, { limit = count, continue: from = '' } = {}) {
      asked.pages += 1;
      asked.most = Math.max(asked.most, (asked.now += 1));
      await Promise.resolve();
      asked.now -= 1;
      const first = Number(from);
      const last = Math.min(count, first + limit);
      const items = Array.from({ length: last - first }, (_, i) =>
        asKubeObject({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: `c${first + i}`, namespace: 'demo' },
          data,
        }),
      );
      return { resourceVersion: '1', continue: last < count ? String(last) : '', items };
    },
  };
  return { asked, credentials: createKubeSourceCredentials(kube) };
}

test('all credentials of a namespace are read, page by page', async () => {
  const { asked, credentials } = labelled(100, 20);
  expect(await credentials.list('demo')).toHaveLength(100);
  expect(asked.pages).toBe(25);
});

test.each<[string, number, number, number]>([
  ['more of them', 100_000, 20, 26],
  ['more in them', 400, 1_000_000, 1],
])('%s than credentials can be are refused, and not read to their end', async (_, count, bytes, pages) => {
  const { asked, credentials } = labelled(count, bytes);
  await expect(credentials.list('demo')).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
  expect(asked.pages).toBe(pages);
});

test('of one namespace two lists are read at once, however many ask', async () => {
  const { asked, credentials } = labelled(10, 20);
  await Promise.all(Array.from({ length: 50 }, () => credentials.list('demo')));
  expect(asked.most).toBe(2);
});
