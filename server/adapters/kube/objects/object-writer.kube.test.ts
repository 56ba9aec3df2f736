import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { callerOf } from '../../../domain/access/caller.ts';
import { objectWriterConformance } from '../../../ports/cluster/object-writer.conformance.ts';
import { outsideNamespace } from '../client/outside-namespace.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeObjectReader } from './object-reader.ts';
import { createKubeObjectWriter } from './object-writer.ts';

let kube: KubeApi;
let opened = 0;
const writing = (to: KubeApi) => openGate('writer', createKubeObjectWriter({ kube: fenceKube(to) }));

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

objectWriterConformance('the API server', async () => {
  opened += 1;
  const namespace = `writer-${opened}`;
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  const reader = createKubeObjectReader({ kube });
  const reading = { as: null, signal: new AbortController().signal };
  const find = (name: string) => reader.get('Secret', { namespace, name }, reading);
  return { writer: writing(kube), namespace, find };
});

test('what the caller may not write is refused, whatever Walm may', async () => {
  const writer = writing(kube);
  const nobody = callerOf({ user: 'nobody-in-particular', groups: [] });
  const secret = { kind: 'Secret', namespace: 'default', name: 'none' } as const;
  await expect(writer.create({ ...secret, content: {} }, nobody)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(writer.remove(secret, nobody)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test("Walm's own namespace is not written, nor is anything in it", async () => {
  const writer = writing(outsideNamespace(kube, 'own'));
  const refused = { code: 'NAMESPACE_RESERVED' };
  const secret = { kind: 'Secret', namespace: 'own', name: 'walm-seal-key' } as const;
  await expect(writer.create({ ...secret, content: {} }, null)).rejects.toMatchObject(refused);
  await expect(writer.remove({ kind: 'Namespace', name: 'own' }, null)).rejects.toMatchObject(refused);
});

test('a namespace that is not there is named', async () => {
  const writer = writing(kube);
  const secret = { kind: 'Secret', namespace: 'nowhere-at-all', name: 'none', content: {} } as const;
  await expect(writer.create(secret, null)).rejects.toMatchObject({ code: 'NAMESPACE_NOT_FOUND' });
});
