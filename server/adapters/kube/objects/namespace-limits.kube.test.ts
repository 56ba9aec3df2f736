import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import { statusOf } from '../../../domain/kube/kube-object.ts';
import { printQuantity } from '../../../domain/kube/quantity-sum.ts';
import { readAmounts } from '../../../domain/quotas/pod-amounts.ts';
import { containerDefaults, quotaNeeds } from '../../../domain/quotas/quota-needs.ts';
import { scopesOf } from '../../../domain/quotas/quota-scopes.ts';
import { createKubeApi } from '../client/kube-api.ts';
import { createKubeNamespaceLimits } from './namespace-limits.ts';

const kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
const limits = createKubeNamespaceLimits(kube);
const run = randomUUID().slice(0, 8);
const runtimeClass = `heavy-${run}`;

/** The path of a kind, and its name in quotas. */
const PLACES: Record<string, { path: string; plural: string }> = {
  Deployment: { path: '/apis/apps/v1', plural: 'deployments' },
  StatefulSet: { path: '/apis/apps/v1', plural: 'statefulsets' },
  DaemonSet: { path: '/apis/apps/v1', plural: 'daemonsets' },
  ReplicaSet: { path: '/apis/apps/v1', plural: 'replicasets' },
  Job: { path: '/apis/batch/v1', plural: 'jobs' },
  ReplicationController: { path: '/api/v1', plural: 'replicationcontrollers' },
  Pod: { path: '/api/v1', plural: 'pods' },
  PersistentVolumeClaim: { path: '/api/v1', plural: 'persistentvolumeclaims' },
  Service: { path: '/api/v1', plural: 'services' },
};
const COMPUTE = ['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]);
const COUNTED = [
  ...COMPUTE,
  'requests.ephemeral-storage',
  'requests.storage',
  'persistentvolumeclaims',
  'pods',
  'services',
  'services.nodeports',
  'count/deployments.apps',
  'count/replicasets.apps',
  'count/statefulsets.apps',
  'count/jobs.batch',
  'count/pods',
  'count/controllerrevisions.apps',
  'count/endpointslices.discovery.k8s.io',
];

const cpu = fc.constantFrom('10m', '0.25', '1', '1500m');
const memory = fc.constantFrom('16Mi', '100M', '1.5Gi', '77777k');
const amounts = fc.record({ cpu, memory }, { requiredKeys: [] });
/** Limits are above every request. */
const roomy = fc.record(
  { cpu: fc.constantFrom('2', '2500m'), memory: fc.constantFrom('2Gi', '3G') },
  { requiredKeys: [] },
);
const resources = fc.record({ requests: amounts, limits: roomy }, { requiredKeys: [] });
const container = (name: string) => resources.map((wanted): JsonObject => ({ name, image: 'i', resources: wanted }));
const inits = fc
  .array(fc.tuple(container('x'), fc.boolean()), { maxLength: 3 })
  .map((some) =>
    some.map(([init, stays], i): JsonObject => ({ ...init, name: `i${i}`, ...(stays && { restartPolicy: 'Always' }) })),
  );
/** The API server refuses such pods if a LimitRange would still add requests to containers. */
const LIMITS_ONLY: JsonObject = { resources: { limits: { cpu: '40', memory: '50Gi' } } };
function withRequests(one: JsonObject): JsonObject {
  const wanted = asObject(one['resources']);
  return {
    ...one,
    resources: { ...wanted, requests: { cpu: '11m', memory: '17Mi', ...asObject(wanted['requests']) } },
  };
}

/** For the pod as a whole: above what its containers may request together. */
const podLevel = fc.constantFrom<JsonObject>(
  {},
  {},
  { resources: { requests: { cpu: '20', memory: '40Gi' }, limits: { cpu: '40', memory: '50Gi' } } },
  LIMITS_ONLY,
  { resources: { requests: { cpu: '21' } } },
);
const podSpec = fc
  .record({
    containers: fc
      .array(container('x'), { minLength: 1, maxLength: 3 })
      .map((some) => some.map((one, i): JsonObject => ({ ...one, name: `c${i}` }))),
    initContainers: inits,
    level: podLevel,
    isHeavy: fc.boolean(),
    activeDeadlineSeconds: fc.option(fc.constant(3600), { nil: undefined }),
  })
  .map(({ level, isHeavy, activeDeadlineSeconds, containers, initContainers }): JsonObject => ({
    containers: level === LIMITS_ONLY ? containers.map(withRequests) : containers,
    initContainers: level === LIMITS_ONLY ? initContainers.map(withRequests) : initContainers,
    ...level,
    ...(isHeavy && { runtimeClassName: runtimeClass }),
    ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
  }));
const replicas = fc.constantFrom(0, 1, 3);

/** Pods must not run: those of Jobs would end and no longer be counted. */
const STUCK = { 'sandbox.walm.io/behaviour': 'image-pull-backoff' };

function workload(kind: string, name: string, spec: JsonObject, pod: JsonObject): JsonObject {
  const labels = { app: name };
  const isJob = kind === 'Job';
  const template = {
    metadata: { ...(!isJob && { labels }), annotations: STUCK },
    spec: isJob ? { ...pod, restartPolicy: 'Never' } : pod,
  };
  const selector = kind === 'ReplicationController' ? labels : { matchLabels: labels };
  return {
    apiVersion: kind === 'ReplicationController' ? 'v1' : isJob ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name },
    spec: { ...spec, ...(!isJob && { selector }), template },
  };
}

const claim = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1.5Gi' } } },
});

const manifest = fc
  .tuple(fc.array(podSpec, { minLength: 6, maxLength: 6 }), fc.array(replicas, { minLength: 4, maxLength: 4 }))
  .map(([pods, counts]): JsonObject[] => {
    const pod = (i: number): JsonObject => pods[i] ?? {};
    // Only bare pods and those of Jobs may have a deadline.
    const { activeDeadlineSeconds: _, ...lasting } = pod(1);
    const { activeDeadlineSeconds: __, ...perNode } = pod(2);
    const { activeDeadlineSeconds: ___, ...kept } = pod(3);
    const { activeDeadlineSeconds: ____, ...old } = pod(5);
    return [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', annotations: STUCK }, spec: pod(0) },
      workload('Deployment', 'web', { replicas: counts[0] ?? 1 }, lasting),
      workload('DaemonSet', 'agent', {}, perNode),
      workload(
        'StatefulSet',
        'db',
        { replicas: counts[1] ?? 1, podManagementPolicy: 'Parallel', volumeClaimTemplates: [claim('data')] },
        kept,
      ),
      workload('Job', 'batch', { parallelism: counts[2] ?? 1, completions: 2, backoffLimit: 0 }, pod(4)),
      workload('ReplicationController', 'old', { replicas: counts[3] ?? 1 }, old),
      claim('alone'),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] },
      },
    ];
  });

/** Controllers whose pods were refused by a busy quota retry with growing backoff. */
const PATIENCE = { withinMs: 240_000 };

const pathOf = (namespace: string, plural: string, base = '/api/v1') => `${base}/namespaces/${namespace}/${plural}`;

beforeAll(() =>
  kube.create('/apis/node.k8s.io/v1/runtimeclasses', {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: runtimeClass },
    handler: 'heavy',
    overhead: { podFixed: { cpu: '70m', memory: '33Mi' } },
  }),
);
afterAll(async () => {
  await kube.remove(`/apis/node.k8s.io/v1/runtimeclasses/${runtimeClass}`);
  kube.close();
});

/** Creates the objects in a namespace of their own, and compares what its quotas then count with the prediction. */
async function expectForetold(namespace: string, objects: readonly JsonObject[]): Promise<void> {
  const quota = (name: string, spec: JsonObject) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name },
    spec,
  });
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  await kube.create(pathOf(namespace, 'limitranges'), {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'defaults' },
    spec: {
      limits: [
        { type: 'Container', default: { cpu: '2', memory: '2Gi' }, defaultRequest: { cpu: '30m', memory: '30Mi' } },
      ],
    },
  });
  const hard = Object.fromEntries(COUNTED.map((name) => [name, '1000Ti']));
  await kube.create(pathOf(namespace, 'resourcequotas'), quota('all', { hard }));
  await kube.create(
    pathOf(namespace, 'resourcequotas'),
    quota('ending', { hard: { pods: '1k', 'requests.cpu': '1k' }, scopes: ['Terminating'] }),
  );
  await eventually(async () => {
    const { items } = await kube.list(pathOf(namespace, 'resourcequotas'));
    expect(items.map((item) => Object.keys(readableUsed(statusOf(item))).length)).not.toContain(0);
  });
  const [before, defaults, nodes] = await Promise.all([
    limits.read(null, namespace),
    limits.defaults(),
    limits.nodes(),
  ]);
  const needs = quotaNeeds(objects, {
    nodes: nodes ?? [],
    podDefaults: { container: containerDefaults(before?.limitRanges ?? []), overheads: defaults.overheads },
    defaultPriorityClass: defaults.priorityClass,
    defaultStorageClass: defaults.storageClass,
    pluralOf: (_, kind) => PLACES[kind]?.plural,
  });
  for (const object of objects) {
    const { path, plural } = PLACES[asString(object['kind'])] ?? { path: '', plural: '' };
    await kube.create(pathOf(namespace, plural, path), object);
  }
  await eventually(async () => {
    const facts = await limits.read(null, namespace);
    for (const found of facts?.quotas ?? []) {
      const scopes = scopesOf(found);
      const used = readableUsed(statusOf({ ...found, apiVersion: '', kind: '', metadata: { name: '' } }));
      const foretold = Object.fromEntries(
        Object.keys(used).map((name) => [name, printQuantity(needs.of(name, scopes), false)]),
      );
      expect(used).toEqual(foretold);
    }
  }, PATIENCE);
}

function readableUsed(status: JsonObject): Record<string, string> {
  const used = readAmounts(status['used']);
  return Object.fromEntries([...used].map(([name, quantity]) => [name, printQuantity(quantity, false)]));
}

test('what a quota counts is what was foretold, whatever the pods look like', async () => {
  // One after the other: concurrent requests of many controllers against one quota are refused and retried with growing
  // backoff.
  for (const [i, objects] of fc.sample(manifest, { seed: 11, numRuns: 2 }).entries()) {
    await expectForetold(`counted-${run}-${i}`, objects);
  }
});
