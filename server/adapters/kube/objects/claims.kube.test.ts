import { afterAll, beforeAll, inject } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { claimsConformance } from '../../../ports/cluster/claims.conformance.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeClaims } from './claims.ts';

let kube: KubeApi;
let opened = 0;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

claimsConformance('the API server', async (given) => {
  opened += 1;
  const namespace = `claims-${opened}`;
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  for (const { name, labels, kept } of given) {
    // No pod uses it, so nothing prevents its deletion.
    await kube.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name, labels, annotations: kept === true ? { 'helm.sh/resource-policy': 'keep' } : {} },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
  }
  return { claims: openGate('claims', createKubeClaims({ kube: fenceKube(kube) })), namespace };
});
