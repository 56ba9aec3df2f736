import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { JsonObject } from '../../../domain/json/json.ts';
import { callerOf } from '../../../domain/access/caller.ts';
import { objectReaderConformance } from '../../../ports/cluster/object-reader.conformance.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeObjectReader } from './object-reader.ts';

let kube: KubeApi;
let opened = 0;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

objectReaderConformance('the API server', async (given) => {
  opened += 1;
  const namespace = `reader-${opened}`;
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  for (const object of given) {
    const involved = object['involvedObject'] as JsonObject | undefined;
    await kube.create(`/api/v1/namespaces/${namespace}/${object.kind === 'Secret' ? 'secrets' : 'events'}`, {
      ...object,
      ...(involved !== undefined && { involvedObject: { ...involved, namespace } }),
    });
  }
  return { reader: createKubeObjectReader({ kube }), namespace };
});

test('what the caller may not read is refused, whatever Walm may', async () => {
  const reader = createKubeObjectReader({ kube });
  const reading = { as: callerOf({ user: 'nobody-in-particular', groups: [] }), signal: new AbortController().signal };
  await expect(reader.get('Node', { name: 'any' }, reading)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(reader.list('Secret', { namespace: 'default' }, reading).next()).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});
