import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { createKubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { namespacesConformance } from '../../../ports/cluster/namespaces.conformance.ts';
import { systemClock } from '../../system/system-clock.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeNamespaces } from './namespaces.ts';

const LOOKED_AT = [
  { group: '', version: 'v1', plural: 'configmaps' },
  { group: '', version: 'v1', plural: 'secrets' },
  { group: '', version: 'v1', plural: 'serviceaccounts' },
];
const fresh = () => `namespaces-${randomUUID().slice(0, 8)}`;
let kube: KubeApi;
const open = () =>
  openGate(
    'namespaces',
    createKubeNamespaces({
      kube: fenceKube(kube),
      clock: systemClock,
      scope: [],
      listKinds: () => Promise.resolve(LOOKED_AT),
    }),
  );

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

describe.concurrent('namespaces', () => {
  test('one that was made for a failed task goes again, with what Walm put there', async () => {
    const namespaces = open();
    const name = fresh();
    await namespaces.create(name, 'task-1', null);
    expect(await namespaces.exists(name)).toBe(true);
    await kube.create(`/api/v1/namespaces/${name}/secrets`, {
      metadata: { name: 'archive', labels: { 'app.kubernetes.io/managed-by': 'walm' } },
    });
    expect(await namespaces.removeIfUnused(name, 'task-1', null)).toBe(true);
    expect(await namespaces.exists(name)).toBe(false);
  });

  test('one that was there before stays', async () => {
    const namespaces = open();
    const client = createKubeClient(inject('sandbox').kubeconfig);
    const name = await createNamespace(client, fresh());
    client.close();
    await namespaces.create(name, 'task-1', null);
    expect(await namespaces.removeIfUnused(name, 'task-1', null)).toBe(false);
    await kube.remove(`/api/v1/namespaces/${name}`);
  });
});

const FINALIZERS = ['walm.io/conformance'];
const held: string[] = [];

afterAll(async () => {
  for (const name of held) {
    const path = `/api/v1/namespaces/${name}`;
    const found = await kube.get(path);
    await kube.replace(path, { ...found, metadata: { ...found.metadata, finalizers: [] } });
  }
});

namespacesConformance('the API server', () => ({
  namespaces: open(),
  fresh,
  async fill(name) {
    await kube.create(`/api/v1/namespaces/${name}/configmaps`, { metadata: { name: 'mine' } });
  },
  async terminate(name) {
    const path = `/api/v1/namespaces/${name}`;
    const found = await kube.get(path);
    await kube.replace(path, { ...found, metadata: { ...found.metadata, finalizers: FINALIZERS } });
    held.push(name);
    await kube.remove(path);
  },
}));
