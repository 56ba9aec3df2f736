import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKubeDigestKey } from './digest-key.ts';
import { createKubeApi } from '../client/kube-api.ts';
import { createKubeSecrets } from '../objects/secrets.ts';

const kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
const namespace = `digest-key-${randomUUID().slice(0, 8)}`;

beforeAll(() => kube.create('/api/v1/namespaces', { metadata: { name: namespace } }));
afterAll(async () => {
  await kube.remove(`/api/v1/namespaces/${namespace}`);
  kube.close();
});

test('replicas that start together have the same key, and so does whoever comes later', async () => {
  const keys = await Promise.all(
    [1, 2, 3].map(() => createKubeDigestKey({ kube, namespace, secret: randomBytes }).read()),
  );
  const later = await createKubeDigestKey({ kube, namespace, secret: randomBytes }).read();
  expect(new Set([...keys, later].map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(later).toHaveLength(32);
});

test('a Secret is read by its keys; one that does not exist is null', async () => {
  const secrets = createKubeSecrets({ kube });
  const made = { metadata: { name: 'auth' }, stringData: { user: 'ann', password: 'pässword' } };
  await kube.create(`/api/v1/namespaces/${namespace}/secrets`, made);
  expect(await secrets.read(namespace, 'auth', null)).toEqual({ user: 'ann', password: 'pässword' });
  expect(await secrets.read(namespace, 'nope', null)).toBeNull();
});
