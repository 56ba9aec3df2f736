import { afterAll, beforeAll, inject } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../test/harness/kube-client.ts';
import { allow, serviceAccountToken } from '../../../test/harness/service-account.ts';
import { createNamespace } from '../../../test/harness/test-namespace.ts';
import { accessReviewsConformance } from '../../ports/access-reviews.conformance.ts';
import { createKubeAccessReviews } from './access-reviews.ts';
import { createKubeApi, type KubeApi } from './kube-api.ts';

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

accessReviewsConformance('the API server', async () => {
  opened += 1;
  const namespace = await createNamespace(client, `access-${opened}`);
  const account = { namespace, name: 'ann' };
  const token = await serviceAccountToken(client, account);
  const releases = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'] };
  await allow(client, account, namespace, [{ ...releases, verbs: ['get', 'list', 'create'] }]);
  const caller = {
    user: `system:serviceaccount:${namespace}:ann`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
  return { reviews: createKubeAccessReviews({ kube }), token, caller, namespace };
});
