import { afterAll, expect, inject, test } from 'vitest';

import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const names = async (namespace: string, plural: string) =>
  (await kube.list(`/api/v1/namespaces/${namespace}/${plural}`)).map(({ metadata }) => metadata.name).toSorted();

test('claims of zookeeper stay when it is deleted, and go where that is asked for; a delete waits for its pods', async () => {
  const namespace = await createNamespace(kube, 'deletes');
  const install = () => api.mustInstall({ namespace, body: { name: 'zk', chartName: 'zookeeper' } });
  const isReady = () =>
    eventually(async () => expect((await api.get(namespace, 'zk')).body).toMatchObject({ ready: true }));
  await install();
  await isReady();
  const claims = await names(namespace, 'persistentvolumeclaims');
  expect(claims.length).toBeGreaterThan(0);

  expect((await api.remove(namespace, 'zk')).status).toBe(200);
  expect(await names(namespace, 'pods')).toEqual([]);
  expect(await names(namespace, 'persistentvolumeclaims')).toEqual(claims);

  await install();
  await isReady();
  expect((await api.remove(namespace, 'zk', { deletePvcs: true })).status).toBe(200);
  await eventually(async () => expect(await names(namespace, 'persistentvolumeclaims')).toEqual([]));
});
