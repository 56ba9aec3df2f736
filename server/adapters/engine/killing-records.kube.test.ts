import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart } from '../../../test/harness/charts/chart-builder.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { createKubeClient, type KubeClient } from '../../../test/harness/clients/kube-client.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { createNamespace } from '../../../test/harness/clients/test-namespace.ts';

const plain = buildChart('plain', {
  'templates/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
});
const PATCH = 'application/merge-patch+json';

let started: TestEngine;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  started = startTestEngine(kubeconfig);
  client = createKubeClient(kubeconfig);
  namespace = await createNamespace(client, 'killing-records');
  for (const name of ['killer', 'other']) {
    await started.engine.install({
      identity: null,
      namespace,
      name,
      chart: started.add(plain),
      values: {},
      timeoutMs: 600_000,
      crds: 'create',
    });
  }
});
afterAll(async () => {
  client.close();
  await started.stop();
});

const secret = () => `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.killer.v1`;

/** The version of the record as it is now. */
async function markOf(): Promise<string> {
  const found = await client.find(secret());
  return `${found?.metadata.uid}_${found?.metadata.resourceVersion}`;
}

/** Ends the engine as if a record had crashed it: the note that the record is being read stays. */
async function dieReading(mark: string, deaths: number): Promise<void> {
  const before = started.pids.length;
  writeFileSync(join(started.recordFolder, `${mark}.open`), String(deaths));
  process.kill(started.pids.at(-1) ?? 0, 'SIGKILL');
  await eventually(() => expect(started.pids.length).toBe(before + 1));
}

test('a record that the engine ended of three times is unreadable until it changes, and nothing else is', async () => {
  const mark = await markOf();
  const wanted = [
    { namespace, name: 'killer', revision: 1 },
    { namespace, name: 'other', revision: 1 },
  ];
  for (let deaths = 0; deaths < 3; deaths += 1) {
    await dieReading(mark, deaths);
  }
  expect(await started.engine.getReleases(wanted)).toMatchObject([
    { code: 'RELEASE_UNREADABLE', details: { reason: 'the engine ended 3 times while it read it' } },
    { name: 'other', status: 'deployed' },
  ]);
  const asked = started.engine.getRelease({ identity: null, namespace, name: 'killer' });
  await expect(asked).rejects.toMatchObject({ code: 'RELEASE_UNREADABLE' });
  expect(readdirSync(started.recordFolder)).toEqual([`${mark}.died`]);
  await client.call('PATCH', secret(), { metadata: { annotations: { changed: 'yes' } } }, PATCH);
  expect(await started.engine.getReleases(wanted)).toMatchObject([{ name: 'killer' }, { name: 'other' }]);
});

test('one that was read beside it is read again, and forgotten', async () => {
  const mark = await markOf();
  await dieReading(mark, 0);
  expect(readdirSync(started.recordFolder)).toContain(`${mark}.died`);
  expect(await started.engine.getReleases([{ namespace, name: 'killer' }])).toMatchObject([{ name: 'killer' }]);
  expect(readdirSync(started.recordFolder)).not.toContain(`${mark}.died`);
});
