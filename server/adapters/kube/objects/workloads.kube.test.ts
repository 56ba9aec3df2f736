import { afterAll, beforeAll, inject } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { asNumber, asString, valueAt } from '../../../domain/json/json-reading.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { workloadsConformance } from '../../../ports/cluster/workloads.conformance.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeWorkloads } from './workloads.ts';

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

const podSpec = { containers: [{ name: 'app', image: 'example.com/app:1' }] };

workloadsConformance('the API server', async () => {
  opened += 1;
  const namespace = await createNamespace(client, `workloads-${opened}`);
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await client.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: podSpec },
    },
  });
  return {
    workloads: openGate('workloads', createKubeWorkloads({ kube: fenceKube(kube) })),
    deployment: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
    async makePod() {
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const pod = await client.create(pods, { metadata: { name: 'alone' }, spec: podSpec });
      return { namespace, name: 'alone', uid: pod.metadata.uid ?? '' };
    },
    async podExists({ name }) {
      const found = await client.find(`/api/v1/namespaces/${namespace}/pods/${name}`);
      return found !== undefined && found.metadata.deletionTimestamp === undefined;
    },
    async stateOf() {
      const found = await client.find(`${deployments}/web`);
      const spec = (found?.['spec'] ?? {}) as JsonObject;
      const restartedAt = valueAt(spec, 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt');
      return {
        generation: found?.metadata.generation ?? 0,
        restartedAt: restartedAt === undefined ? undefined : asString(restartedAt),
        replicas: asNumber(spec['replicas']),
      };
    },
  };
});
