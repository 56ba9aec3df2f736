import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { DryRunDifference } from '../../contract/schemas/object-difference.ts';
import type { ReleaseTotals } from '../../contract/schemas/resource-totals.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { ABSENT, foreignChart } from '../harness/charts/charts.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, type ReleaseOrder } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'totals';
const sized = buildChart('sized', {
  'values.yaml': 'replicas: 2\n',
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1
          resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {cpu: 1, memory: 128Mi}}
`,
}).bytes;

async function totals({ namespace: where, body, archive }: ReleaseOrder): Promise<ReleaseTotals> {
  const path = `/api/v1/release/${where}/dryrun${archive === undefined ? '' : '/withchart'}/resources`;
  const parts =
    archive === undefined
      ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : { body: chartForm(body, archive) };
  const answer = await api.send('POST', path, parts);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as ReleaseTotals;
}

beforeAll(async () => {
  await createNamespace(kube, namespace);
  await createNamespace(kube, 'totals-quota');
  await kube.create('/api/v1/namespaces/totals-quota/resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team', namespace: 'totals-quota' },
    spec: { hard: { 'requests.cpu': '600m', 'limits.memory': '1Gi', pods: '4', 'count/deployments.apps': '5' } },
  });
});

afterAll(() => kube.close());

test('totals are those of the workloads, and their sum', async () => {
  const answer = await totals({ namespace, body: { name: 'web' }, archive: sized });
  expect(Object.keys(answer)).toEqual([
    'deployments',
    'statefulSets',
    'daemonSets',
    'jobs',
    'others',
    'pvcs',
    'total',
    'quota',
  ]);
  expect(answer).toEqual({
    deployments: [
      {
        replicas: 2,
        name: 'web',
        podRequests: { cpu: 0.25, memory: 64, storage: [] },
        podLimits: { cpu: 1, memory: 128, storage: null },
      },
    ],
    statefulSets: null,
    daemonSets: null,
    jobs: null,
    others: null,
    pvcs: null,
    total: { pods: 2, requests: { cpu: 0.5, memory: 128 }, limits: { cpu: 2, memory: 256 }, storage: [] },
    quota: { fits: true, reasons: [], quotas: [] },
  });
  expect((await api.list(namespace)).body.num).toBe(0);
});

test('the verdict says what does not fit, and counts only the growth of an upgrade', async () => {
  const order = { namespace: 'totals-quota', body: { name: 'web' }, archive: sized };
  expect((await totals(order)).quota).toMatchObject({
    fits: true,
    quotas: [
      {
        name: 'team',
        limits: [
          { resource: 'count/deployments.apps', hard: '5', needed: '1', fits: true },
          { resource: 'limits.memory', hard: '1Gi', needed: '256Mi', remaining: '1Gi', fits: true },
          { resource: 'pods', needed: '2', fits: true },
          { resource: 'requests.cpu', hard: '600m', needed: '500m', fits: true },
        ],
      },
    ],
  });
  const three = { ...order, body: { name: 'web', configValues: { replicas: 3 } } };
  expect((await totals(three)).quota).toMatchObject({
    fits: false,
    reasons: ['quota team: requests.cpu needs 750m and 600m of 600m remain'],
  });
  await api.mustInstall(order);
  await eventually(async () => {
    const { quota, total } = await totals(three);
    expect(total.pods).toBe(3);
    expect(quota.quotas[0]?.limits).toContainEqual({
      resource: 'requests.cpu',
      hard: '600m',
      used: '500m',
      needed: '250m',
      remaining: '100m',
      fits: false,
    });
  });
});

test('Secrets beside the release and objects in other namespaces are counted where they will lie', async () => {
  const hard = { secrets: '10', 'count/secrets': '10', 'requests.cpu': '4', pods: '10', 'count/replicasets.apps': '9' };
  // What the hooks of the install leave.
  Object.assign(hard, { 'count/jobs.batch': '5', 'count/pods': '10', services: '5' });
  for (const name of ['totals-home', 'totals-away']) {
    await createNamespace(kube, name);
    await kube.create(`/api/v1/namespaces/${name}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: name },
      spec: { hard },
    });
  }
  const pod = (name: string, namespace: string, cpu: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  containers: [{name: main, image: registry.example/web:1, resources: {requests: {cpu: ${cpu}}}}]
  initContainers:
    - {name: mesh, image: registry.example/web:1, restartPolicy: Always, resources: {requests: {cpu: 40m}}}
    - {name: setup, image: registry.example/web:1, resources: {requests: {cpu: 300m}}}
`;
  const job = (name: string, annotations: string) => `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: {${annotations}}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: x, image: registry.example/web:1, resources: {requests: {cpu: 1}}}]}}}
`;
  const pods = {
    'templates/home.yaml': pod('near', 'totals-home', '1'),
    'templates/away.yaml': pod('far', 'totals-away', '100m'),
  };
  const archive = buildChart('spread', {
    ...pods,
    'templates/hooks.yaml': `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: x, image: registry.example/web:1, resources: {requests: {cpu: 1}}}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: gone, annotations: {helm.sh/hook: post-install, helm.sh/hook-delete-policy: hook-succeeded}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: x, image: registry.example/web:1, resources: {requests: {cpu: 1}}}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: early, annotations: {helm.sh/hook: pre-install}}
spec: {ports: [{port: 80}]}
`,
  }).bytes;
  const order = { namespace: 'totals-home', body: { name: 'spread' }, archive };
  const { quota, total, others } = await totals(order);
  expect(total).toMatchObject({ pods: 2, requests: { cpu: 1.38 } });
  expect(others).toMatchObject([
    { kind: 'Pod', name: 'far', replicas: 1, podRequests: { cpu: 0.34 } },
    { kind: 'Pod', name: 'near', replicas: 1, podRequests: { cpu: 1.04 } },
  ]);
  const foretold = new Map(
    quota.quotas.flatMap(({ namespace: place, limits }) =>
      limits.map(({ resource, used, needed }) => [`${place} ${resource}`, [used, needed]] as const),
    ),
  );
  expect(foretold.get('totals-home requests.cpu')).toEqual(['0', '1040m']);
  expect(foretold.get('totals-away requests.cpu')).toEqual(['0', '340m']);
  expect(foretold.get('totals-home secrets')).toEqual(['0', '2']);
  expect(foretold.get('totals-home count/jobs.batch')).toEqual(['0', '1']);
  await api.mustInstall(order);
  await eventually(async () => {
    for (const place of ['totals-home', 'totals-away']) {
      const quotaObject = await kube.find(`/api/v1/namespaces/${place}/resourcequotas/team`);
      const { used = {} } = (quotaObject?.['status'] ?? {}) as { used?: Record<string, string> };
      const needed = Object.keys(used).map((resource) => [resource, foretold.get(`${place} ${resource}`)?.[1]]);
      expect(used).toEqual(Object.fromEntries(needed));
    }
  });
  // An upgrade replaces one of them, adds its own, and leaves alone what is not its hook.
  const hooks = [
    job('migrate', 'helm.sh/hook: "pre-install,pre-upgrade"'),
    job('check', 'helm.sh/hook: post-upgrade'),
    job('gone', 'helm.sh/hook: post-upgrade, helm.sh/hook-delete-policy: hook-succeeded'),
  ];
  const next = { ...order, archive: buildChart('spread', { ...pods, 'templates/hooks.yaml': hooks.join('') }).bytes };
  const counts = ['count/jobs.batch', 'services', 'secrets', 'pods'];
  const limits =
    (await totals(next)).quota.quotas.find(({ namespace: place }) => place === 'totals-home')?.limits ?? [];
  const then = limits.filter(({ resource }) => counts.includes(resource));
  expect(then.map(({ resource, needed }) => `${resource} ${needed}`).toSorted()).toEqual([
    'count/jobs.batch 1',
    'pods 0',
    'secrets 2',
    'services 0',
  ]);
  const upgraded = await api.upgrade(next);
  expect(upgraded.status, upgraded.text).toBe(200);
  await eventually(async () => {
    const { used = {} } = ((await kube.find('/api/v1/namespaces/totals-home/resourcequotas/team'))?.['status'] ??
      {}) as {
      used?: Record<string, string>;
    };
    expect(then.map(({ resource }) => [resource, Number(used[resource])])).toEqual(
      then.map(({ resource, used: before, needed }) => [resource, Number(before) + Number(needed)]),
    );
  });
});

test('createNamespace=true foretells an install into a namespace that is not there', async () => {
  const order = { namespace: 'totals-nowhere', body: { name: 'web' }, archive: sized };
  const post = (path: string, query = {}) =>
    api.send('POST', `/api/v1/release/${order.namespace}/dryrun/withchart${path}`, {
      body: chartForm(order.body, order.archive),
      query,
    });
  for (const path of ['', '/resources']) {
    expect((await post(path)).body).toMatchObject({ code: 'NAMESPACE_NOT_FOUND' });
    const answer = await post(path, { createNamespace: true });
    expect([answer.status, answer.headers.get('walm-warnings')], answer.text).toEqual([200, null]);
  }
  const { total, quota } = (await post('/resources', { createNamespace: true })).body as ReleaseTotals;
  expect([total.pods, quota.fits]).toEqual([2, true]);
  expect(await kube.find(`/api/v1/namespaces/${order.namespace}`)).toBeUndefined();
});

test('diff=true shows what an upgrade would change, without secrets', async () => {
  const archive = fixtureChart('schema').bytes;
  const body = { name: 'app', configValues: { database: { user: 'one', password: 'canary-totals' } } };
  const compare = async (configValues: object) => {
    const answer = await api.send('POST', `/api/v1/release/${namespace}/dryrun/withchart`, {
      query: { diff: true },
      body: chartForm({ name: 'app', configValues }, archive),
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).not.toContain('canary');
    return answer.body as DryRunDifference;
  };
  const first = await compare(body.configValues);
  expect(first).toMatchObject({ revision: 0 });
  expect(first.objects.map(({ change, kind }) => `${change} ${kind}`)).toEqual([
    'added Secret',
    'added Deployment',
    'added ReleaseConfig',
  ]);
  await api.mustInstall({ namespace, body, archive });
  expect(await compare(body.configValues)).toEqual({ revision: 1, objects: [], dependents: [], hiddenDependents: 0 });
  const { objects } = await compare({ replicas: 2, database: { password: 'canary-totals-new' } });
  expect(objects.map(({ kind, differences }) => [kind, differences])).toEqual([
    ['Secret', [{ path: '/stringData/password', old: '***', new: '***' }]],
    ['Deployment', [{ path: '/spec/replicas', old: 1, new: 2 }]],
    ['ReleaseConfig', [{ path: '/spec/configValues/replicas', new: 2 }]],
  ]);
});

const zookeeper = foreignChart('zookeeper-6.1.0');
test.skipIf(zookeeper === undefined)(`the documented example gives the documented totals (${ABSENT})`, async () => {
  const roles = [
    {
      baseConfig: {
        env: [],
        image: 'registryURL/repoName/zookeeper:transwarp-5.2',
        others: [{ name: 'string', type: 'string', value: {} }],
        priority: 0,
        replicas: 3,
        useHostNetwork: false,
      },
      name: 'zookeeper',
      resources: {
        limitsCpu: 2,
        limitsMemory: 4,
        requestsCpu: 0.5,
        requestsMemory: 1,
        storageResources: [
          { name: 'data', value: { accessModes: ['ReadWriteOnce'], size: 100, storageClass: 'silver' } },
        ],
      },
    },
  ];
  const answer = await totals({
    namespace,
    body: { name: 'zookeeper-test', metaInfoParams: { params: [], roles } },
    archive: readFileSync(zookeeper ?? ''),
  });
  expect(answer).toMatchObject({
    deployments: null,
    statefulSets: [
      {
        replicas: 3,
        name: 'zookeeper-test-zookeeper',
        podRequests: {
          cpu: 0.5,
          memory: 1024,
          storage: [{ name: 'zkdir', type: 'pvc', storageClass: 'silver', size: 100 }],
        },
        podLimits: { cpu: 2, memory: 4096, storage: null },
      },
    ],
    daemonSets: null,
    jobs: null,
    pvcs: null,
    total: { pods: 3, requests: { cpu: 1.5, memory: 3072 }, storage: [{ storageClass: 'silver', size: 300 }] },
  });
  const dry = await api.dryRun({
    namespace,
    body: { name: 'zookeeper-test', metaInfoParams: { roles } },
    archive: readFileSync(zookeeper ?? ''),
  });
  const warnings = JSON.parse(dry.headers.get('walm-warnings') ?? '[]') as { code: string; path?: string }[];
  expect(warnings.filter(({ code }) => code === 'PARAM_NOT_READ').map(({ path }) => path)).toEqual([
    '/metaInfoParams/roles/zookeeper/resources/storageResources/data/value/accessModes',
  ]);
});

const kafka = foreignChart('kafka-6.1.0');
test.skipIf(kafka === undefined)(
  `disks of the original platform count before they are converted (${ABSENT})`,
  async () => {
    const { statefulSets, total } = await totals({
      namespace,
      body: { name: 'ka1' },
      archive: readFileSync(kafka ?? ''),
    });
    expect(statefulSets).toEqual([
      {
        replicas: 3,
        name: 'ka1-kafka',
        podRequests: {
          cpu: 0.101,
          memory: 100,
          storage: [
            { name: 'log', type: 'tosDisk', storageClass: 'local', size: 100 },
            { name: 'data', type: 'pvc', storageClass: 'local', size: 100 },
          ],
        },
        podLimits: { cpu: 0.201, memory: 200, storage: null },
      },
    ]);
    expect(total.storage).toEqual([{ storageClass: 'local', size: 600 }]);
  },
);
