import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { allow, serviceAccountToken } from '../../../../test/harness/clients/service-account.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { accessReviewsConformance } from '../../../ports/cluster/access-reviews.conformance.ts';
import { createKubeAccessReviews } from './access-reviews.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { person } from '../../../../test/harness/fakes/person.ts';

let kube: KubeApi;
let client: KubeClient;
let opened = 0;

beforeAll(() => {
  const { kubeconfig } = inject('sandbox');
  kube = createKubeApi({ kubeconfig });
  client = createKubeClient(kubeconfig);
});
afterAll(() => {
  kube.close();
  client.close();
});

test('by impersonation the API server sees the identity that a token has, whole', async () => {
  const namespace = await createNamespace(client, 'access-whole');
  const token = await serviceAccountToken(client, { namespace, name: 'ann' });
  const reviews = createKubeAccessReviews({ kube });
  const caller = await reviews.identify(token);
  expect(caller?.uid).not.toBe('');
  expect(Object.keys(caller?.extra ?? {})).toContain('authentication.kubernetes.io/credential-id');
  const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const extra = { ...caller?.extra, 'example.org/scopes': ['read', 'write'] };
  const whole = { ...caller!, extra };
  const { status } = await kube.create(path, kind, { as: whole });
  const { username, groups, uid, extra: seen } = (status as { userInfo: Record<string, unknown> }).userInfo;
  expect({ user: username, groups: (groups as string[]).toSorted(), uid, extra: seen }).toEqual({
    ...whole,
    groups: whole.groups.toSorted(),
  });
});

accessReviewsConformance('the API server', async () => {
  opened += 1;
  const namespace = await createNamespace(client, `access-${opened}`);
  const account = { namespace, name: 'ann' };
  const token = await serviceAccountToken(client, account);
  const releases = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'] };
  await allow(client, account, namespace, [{ ...releases, verbs: ['get', 'list', 'create'] }]);
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  const caller = person(`system:serviceaccount:${namespace}:ann`, groups);
  return { reviews: createKubeAccessReviews({ kube }), token, caller, namespace };
});
