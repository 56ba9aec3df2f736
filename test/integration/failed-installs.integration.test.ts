import { afterAll, describe, expect, inject, test } from 'vitest';

import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { addedSince, takeSnapshot } from '../harness/clients/cluster-snapshot.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const hooks = fixtureChart('hooks').bytes;
afterAll(() => {
  helm.close();
  kube.close();
});

/** Objects that no removal may touch: those that Helm itself keeps. */
const KEPT = ['ConfigMap.v1 NS/app-kept'];

async function leftBehind(namespace: string, before: Set<string>): Promise<string[]> {
  return addedSince(before, await takeSnapshot(kube, namespace)).map((line) => line.replace(namespace, 'NS'));
}

describe.each([
  ['pre-install', []],
  ['post-install', KEPT],
])('a failing %s hook', (failing, kept) => {
  const namespace = `failed-${failing}`;

  test('fails the install, removes what it made and can be sent again', async () => {
    await createNamespace(kube, namespace);
    const before = await takeSnapshot(kube, namespace);
    const body = { name: 'app', configValues: { failing } };
    const answer = await api.install({ namespace, body, archive: hooks });
    const problem = problemOf(answer);
    expect(problem.code, problem.errMessage).toBe('HOOK_FAILED');
    expect(answer.status).toBe(422);
    expect(problem.errMessage).toContain(`app-${failing}`);
    for (const name of kept.map((line) => line.split('/')[1])) expect(JSON.stringify(problem)).toContain(name);
    await eventually(async () => expect(await leftBehind(namespace, before)).toEqual(kept));

    const { status, body: info } = await api.get(namespace, 'app');
    expect(status).toBe(200);
    expect(info).toMatchObject({ version: 0, ready: false, releaseStatus: null, task: { state: 'failed' } });
    expect(info.message).toMatch(/^the release latest task \S+ failed : /);
    expect(JSON.parse(await helm.run('list', '-n', namespace, '-o', 'json'))).toEqual([]);

    await api.mustInstall({ namespace, body: { name: 'app' }, archive: hooks });
    expect((await api.get(namespace, 'app')).body).toMatchObject({ status: 'deployed' });
    expect((await api.remove(namespace, 'app')).status).toBe(200);
  });
});

test('a namespace that is not there is a 404, or created, and goes again when the install fails', async () => {
  const order = { namespace: 'failed-namespace', body: { name: 'app' }, archive: hooks };
  const missing = await api.install(order);
  expect(missing.status, missing.text).toBe(404);
  expect(problemOf(missing).code).toBe('NAMESPACE_NOT_FOUND');
  expect(problemOf(missing).errMessage).toContain('failed-namespace');

  const failing = await api.install({
    ...order,
    body: { name: 'app', configValues: { failing: 'pre-install' } },
    query: { createNamespace: true },
  });
  expect(problemOf(failing).code).toBe('HOOK_FAILED');
  await eventually(async () => expect(await kube.find('/api/v1/namespaces/failed-namespace')).toBeUndefined());

  await api.mustInstall({ ...order, query: { createNamespace: true } });
  expect((await api.remove('failed-namespace', 'app')).status).toBe(200);
  expect(await kube.find('/api/v1/namespaces/failed-namespace')).toBeDefined();
});

describe('what the cluster refuses', () => {
  const configMap = (name: string, data = 'x') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {x: ${data}}\n`;

  test('a quota: the reason is reported and the objects created before it are removed', async () => {
    const namespace = await createNamespace(kube, 'refused-quota');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few' },
      spec: { hard: { 'count/configmaps': '3' } },
    };
    await kube.create(`/api/v1/namespaces/${namespace}/resourcequotas`, quota);
    await eventually(async () => {
      const found = await kube.find(`/api/v1/namespaces/${namespace}/resourcequotas/few`);
      expect(JSON.stringify(found)).toContain('"used":{"count/configmaps":"1"');
    });
    const before = await takeSnapshot(kube, namespace);
    const chart = buildChart('many', {
      'templates/x.yaml': Array.from({ length: 6 }, (_, i) => configMap(`x${i}`)).join('---\n'),
    });
    const answer = await api.install({ namespace, body: { name: 'app' }, archive: chart.bytes });
    expect(problemOf(answer).code, answer.text).toBe('QUOTA_EXCEEDED');
    expect(answer.status).toBeLessThan(500);
    expect(problemOf(answer).errMessage).toContain('few');
    await eventually(async () => expect(await leftBehind(namespace, before)).toEqual([]));
  });

  test('an admission policy', async () => {
    const namespace = await createNamespace(kube, 'refused-admission');
    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    const apiVersion = 'admissionregistration.k8s.io/v1';
    const matchResources = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
    await kube.create(policies, {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: namespace },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        },
        validations: [
          { expression: "!object.metadata.name.startsWith('forbidden')", message: 'such names are not wanted here' },
        ],
      },
    });
    const binding = { policyName: namespace, validationActions: ['Deny'], matchResources };
    await kube.create(`${policies}bindings`.replace('policiesbindings', 'policybindings'), {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: namespace },
      spec: binding,
    });
    const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'forbidden-probe' } };
    await eventually(async () => {
      const { status } = await kube.call('POST', `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`, probe);
      expect(status).toBe(422);
    });
    const before = await takeSnapshot(kube, namespace);
    const chart = buildChart('mixed', { 'templates/x.yaml': `${configMap('allowed')}---\n${configMap('forbidden')}` });
    const answer = await api.install({ namespace, body: { name: 'app' }, archive: chart.bytes });
    expect(problemOf(answer).code, answer.text).toBe('ADMISSION_REFUSED');
    expect(problemOf(answer).errMessage).toContain('such names are not wanted here');
    await eventually(async () => expect(await leftBehind(namespace, before)).toEqual([]));
    await kube.remove(`${policies}/${namespace}`);
  });

  test('an invalid object', async () => {
    const namespace = await createNamespace(kube, 'refused-invalid');
    const before = await takeSnapshot(kube, namespace);
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 99999999}]}\n';
    const chart = buildChart('mixed', { 'templates/x.yaml': `${configMap('fine')}---\n${service}` });
    const answer = await api.install({ namespace, body: { name: 'app' }, archive: chart.bytes });
    expect(problemOf(answer).code, answer.text).toBe('MANIFEST_INVALID');
    expect(answer.status).toBe(422);
    expect(problemOf(answer).errMessage).toMatch(/port/i);
    await eventually(async () => expect(await leftBehind(namespace, before)).toEqual([]));
  });

  test('a foreign object stays untouched', async () => {
    const namespace = await createNamespace(kube, 'refused-foreign');
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await kube.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { x: 'mine' } });
    const before = await takeSnapshot(kube, namespace);
    const chart = buildChart('same', { 'templates/x.yaml': `${configMap('x', 'theirs')}---\n${configMap('z')}` });
    const order = { namespace, body: { name: 'app' }, archive: chart.bytes };
    for (const answer of [await api.install(order), await api.dryRun(order)]) {
      expect(problemOf(answer).code, answer.text).toBe('RESOURCE_EXISTS');
      expect(answer.status).toBe(409);
    }
    expect(await leftBehind(namespace, before)).toEqual([]);
    expect(await kube.find(`${path}/x`)).toMatchObject({ data: { x: 'mine' } });
  });

  test('a name that is taken', async () => {
    const namespace = await createNamespace(kube, 'refused-taken');
    const order = {
      namespace,
      body: { name: 'app' },
      archive: buildChart('one', { 'templates/x.yaml': configMap('x') }).bytes,
    };
    await api.mustInstall(order);
    const again = await api.install(order);
    expect(problemOf(again).code).toBe('RELEASE_EXISTS');
    expect(again.status).toBe(409);
    expect((await api.get(namespace, 'app')).body).toMatchObject({ version: 1, status: 'deployed' });
  });
});
