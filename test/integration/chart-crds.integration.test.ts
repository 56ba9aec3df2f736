import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'chart-crds';
const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/lamps.crds.example.com';

beforeAll(() => createNamespace(kube, namespace));
afterAll(async () => {
  await kube.call('DELETE', definition);
  kube.close();
});

/** A chart that defines a kind, with this word in the definition, and makes one object of it. */
function lamps(word: string): Buffer {
  return buildChart('lamps', {
    'crds/lamps.yaml': JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'lamps.crds.example.com', labels: { word } },
      spec: {
        group: 'crds.example.com',
        names: { kind: 'Lamp', listKind: 'LampList', plural: 'lamps', singular: 'lamp' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    }),
    'templates/lamp.yaml':
      'apiVersion: crds.example.com/v1\nkind: Lamp\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {on: true}\n',
  }).bytes;
}

const wordOf = async () => (await kube.find(definition))?.metadata.labels?.['word'];

test('crds/ is skipped, created, left as it is, or applied, as the request says', async () => {
  const order = (name: string, word: string) => ({ namespace, body: { name }, archive: lamps(word) });
  const skipped = await api.install({ ...order('skipped', 'first'), query: { crds: 'skip' } });
  expect(skipped.status, skipped.text).toBe(422);
  expect(await wordOf()).toBeUndefined();

  await api.mustInstall(order('one', 'first'));
  expect(await wordOf()).toBe('first');
  await api.mustInstall(order('two', 'second'));
  expect(await wordOf()).toBe('first');
  await api.mustInstall({ ...order('three', 'third'), query: { crds: 'apply' } });
  expect(await wordOf()).toBe('third');

  const plain = await api.upgrade(order('one', 'fourth'));
  expect(plain.status, plain.text).toBe(200);
  expect(await wordOf()).toBe('third');
  const applied = await api.upgrade({ ...order('one', 'fifth'), query: { crds: 'apply' } });
  expect(applied.status, applied.text).toBe(200);
  expect(await wordOf()).toBe('fifth');

  await api.remove(namespace, 'one');
  expect(await wordOf()).toBe('fifth');
});
