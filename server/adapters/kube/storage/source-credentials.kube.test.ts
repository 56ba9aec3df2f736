import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import type { SourceCredential } from '../../../ports/helm/source-credentials.ts';
import { describeSourceCredentials } from '../../../ports/helm/source-credentials.conformance.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeSourceCredentials } from './source-credentials.ts';

const made: string[] = [];
let kube: KubeApi;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(async () => {
  await Promise.all(made.map((namespace) => kube.remove(`/api/v1/namespaces/${namespace}`)));
  kube.close();
});

function secretOf({ address: { prefix, plainHttp }, access }: SourceCredential, index: number): object {
  const kind = prefix.startsWith('oci://') ? 'registry' : 'repository';
  return {
    metadata: { name: `creds-${index}`, labels: { 'walm.io/credential': kind } },
    stringData: {
      url: plainHttp ? prefix.replace('oci://', 'oci+http://') : prefix,
      username: access.username,
      password: access.password,
    },
  };
}

describeSourceCredentials('kube', async (kept) => {
  const namespace = `credentials-${randomUUID().slice(0, 8)}`;
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  made.push(namespace);
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  await Promise.all(kept.map((credential, index) => kube.create(secrets, secretOf(credential, index))));
  await kube.create(secrets, { metadata: { name: 'unrelated' }, stringData: { password: 'pw' } });
  return { credentials: createKubeSourceCredentials(kube), namespace };
});
