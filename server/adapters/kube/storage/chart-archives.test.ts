import { expect, test } from 'vitest';
import { asKubeObject } from '../../../domain/kube/kube-object.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { createManualClock } from '../../memory/manual-clock.ts';
import { createKubeChartArchives } from './chart-archives.ts';

const MiB = 1024 * 1024;
const digest = 'a'.repeat(64);

/** A namespace with so many chunks of an archive, of so many bytes each; tells how many were read, and how many at once. */
function planted(count: number, bytes: number) {
  const read = { all: 0, now: 0, most: 0 };
  const names = Array.from({ length: count }, (_, index) => `walm-chart-${digest}-${index}-of-${count}`);
  const chunk = Buffer.alloc(bytes).toString('base64');
  const kube: Pick<KubeApi, 'get' | 'list'> = {
    list: () => {
      const items = names.map((name) => asKubeObject({ apiVersion: 'v1', kind: 'Secret', metadata: { name } }));
      return Promise.resolve({ resourceVersion: '1', continue: '', items });
    },
    async get() {
      read.all += 1;
      read.most = Math.max(read.most, (read.now += 1));
      await Promise.resolve();
      read.now -= 1;
      return asKubeObject({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: { chunk } });
    },
  };
  return {
    read,
    archives: createKubeChartArchives({
      kube: fenceKube(kube as KubeApi),
      maxBytes: 2 * MiB,
      clock: createManualClock(),
    }),
  };
}

test('what is more than an archive may be is not read, whoever put it there', async () => {
  const many = planted(1_000, 10);
  expect(await many.archives.get('demo', digest, null)).toBeNull();
  expect(many.read.all).toBe(0);
  const large = planted(3, MiB);
  expect(await large.archives.get('demo', digest, null)).toBeNull();
  expect(large.read).toMatchObject({ all: 3, most: 1 });
});
