import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import type { NodeFacts } from './daemon-nodes.ts';
import { NO_POD_DEFAULTS } from './pod-amounts.ts';
import { resourceTotals, totalSum } from './resource-totals.ts';

const container = (requests: JsonObject, limits: JsonObject = {}): JsonObject => ({
  name: 'main',
  resources: { requests, limits },
});

function workload(apiVersion: string, kind: string, spec: JsonObject, podSpec: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name: 'web' }, spec: { ...spec, template: { spec: podSpec } } };
}

const claim = (name: string, spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, annotations },
  spec,
});

const brokers = workload(
  'apps/v1beta1',
  'StatefulSet',
  {
    replicas: 3,
    volumeClaimTemplates: [
      claim('data', { storageClassName: 'local', resources: { requests: { storage: '100Gi' } } }),
      claim(
        'old',
        { resources: { requests: { storage: '1500Mi' } } },
        {
          'volume.beta.kubernetes.io/storage-class': 'silver',
        },
      ),
    ],
  },
  {
    containers: [
      container(
        { cpu: '0.10000000000000001', memory: '100Mi', 'nvidia.com/gpu': '1' },
        { cpu: '0.20000000000000001', memory: '200Mi' },
      ),
    ],
    volumes: [{ name: 'log', tosDisk: { name: 'log', storageType: 'local', capability: '100Gi' } }],
  },
);

describe('the totals of a manifest', () => {
  it('is null for every kind of which there is none', () => {
    expect(resourceTotals({ objects: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }] })).toEqual({
      deployments: null,
      statefulSets: null,
      daemonSets: null,
      jobs: null,
      others: null,
      pvcs: null,
    });
  });

  it('lists disks before claims, storage with the requests only, and cores rounded up to thousandths', () => {
    const { statefulSets } = resourceTotals({ objects: [brokers] });
    expect(JSON.stringify(statefulSets)).toBe(
      JSON.stringify([
        {
          replicas: 3,
          name: 'web',
          podRequests: {
            cpu: 0.101,
            memory: 100,
            storage: [
              { name: 'log', type: 'tosDisk', storageClass: 'local', size: 100 },
              { name: 'data', type: 'pvc', storageClass: 'local', size: 100 },
              { name: 'old', type: 'pvc', storageClass: 'silver', size: 1 },
            ],
          },
          podLimits: { cpu: 0.201, memory: 200, storage: null },
        },
      ]),
    );
  });

  it('takes disks from what the chart rendered where they were converted since', () => {
    const converted = workload('apps/v1', 'StatefulSet', { replicas: 1 }, { containers: [container({ cpu: 1 })] });
    const { statefulSets } = resourceTotals({ objects: [converted], originals: [brokers] });
    expect(statefulSets?.[0]?.podRequests).toEqual({
      cpu: 1,
      memory: 0,
      storage: [{ name: 'log', type: 'tosDisk', storageClass: 'local', size: 100 }],
    });
  });

  it('sums the containers, and takes the largest init container where that is more', () => {
    const pod = {
      containers: [container({ cpu: '500m', memory: '1Gi' }), container({ cpu: 1, memory: '1536Ki' })],
      initContainers: [container({ cpu: 2, memory: '10Mi' }), container({ cpu: '100m' })],
    };
    const { deployments } = resourceTotals({ objects: [workload('apps/v1', 'Deployment', {}, pod)] });
    expect(deployments).toEqual([
      {
        replicas: 0,
        name: 'web',
        podRequests: { cpu: 2, memory: 1025, storage: [] },
        podLimits: { cpu: 0, memory: 0, storage: null },
      },
    ]);
  });

  it('shows what is particular to daemon sets, jobs and claims', () => {
    const totals = resourceTotals({
      objects: [
        workload('apps/v1', 'DaemonSet', {}, { nodeSelector: { disk: 'ssd' }, containers: [] }),
        workload('batch/v1', 'Job', { completions: 4 }, { containers: [] }),
        claim('shared', { resources: { requests: { storage: '1.9Gi' } } }),
      ],
    });
    expect(totals.daemonSets?.[0]).toMatchObject({ nodeSelector: { disk: 'ssd' }, name: 'web' });
    expect(totals.jobs?.[0]).toMatchObject({ parallelism: 0, completions: 4 });
    expect(totals.pvcs).toEqual([{ name: 'shared', type: 'pvc', storageClass: '', size: 1 }]);
  });

  it('passes over a kind of another group that is called the same', () => {
    expect(resourceTotals({ objects: [workload('example.com/v1', 'Deployment', {}, {})] }).deployments).toBeNull();
  });
});

const world = (nodes: NodeFacts[] = []) => ({
  nodes,
  podDefaults: NO_POD_DEFAULTS,
  defaultPriorityClass: '',
  defaultStorageClass: 'standard',
});
const node = (name: string, labels: Record<string, string>): NodeFacts => ({ name, labels, taints: [] });

describe('the sum', () => {
  it('counts every pod that runs at the same time', () => {
    const pod = { containers: [container({ cpu: '100m', memory: '1.5Mi' }, { cpu: 1 })] };
    const objects = [
      workload('apps/v1', 'Deployment', { replicas: 2 }, pod),
      workload('apps/v1', 'Deployment', {}, pod),
      workload('batch/v1', 'Job', { parallelism: 5, completions: 2 }, pod),
      workload('apps/v1', 'DaemonSet', {}, { ...pod, nodeSelector: { disk: 'ssd' } }),
    ];
    const nodes = [node('a', { disk: 'ssd' }), node('b', {}), node('c', { disk: 'ssd', zone: 'a' })];
    expect(totalSum([{ objects, world: world(nodes) }])).toEqual({
      pods: 7,
      requests: { cpu: 0.7, memory: 10 },
      limits: { cpu: 7, memory: 0 },
      storage: [],
    });
  });

  it('adds storage by class before it rounds', () => {
    const objects = [
      brokers,
      claim('shared', { storageClassName: 'silver', resources: { requests: { storage: '1Gi' } } }),
    ];
    expect(totalSum([{ objects, world: world() }]).storage).toEqual([
      { storageClass: 'local', size: 600 },
      { storageClass: 'silver', size: 5 },
    ]);
  });
});
