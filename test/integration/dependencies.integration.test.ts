import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart, folderChart } from '../harness/charts/chart-builder.ts';
import { exampleChart } from '../harness/charts/charts.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server, registry } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'dependencies';
const zookeeper = folderChart(exampleChart('zookeeper')).bytes;
const kafka = folderChart(exampleChart('kafka')).bytes;

/** Publishes nothing by default: its outputs are named in the request. */
const database = buildChart('database', {
  'values.yaml': 'auth: {user: ann}\n',
  'templates/all.yaml': `apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{name: sql, port: 5432}, {name: admin, port: 8080}], selector: {app: none}, type: NodePort}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-config"}
data: {db.charset: utf8}
---
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-auth"}
stringData: {password: canary-output-password}
`,
}).bytes;

/** Shows the values it received, and renders nothing for the value `unlucky`. */
const client = buildChart('client', {
  'templates/luck.yaml': '{{ if (.Values.up).unlucky }}{{ fail "unlucky" }}{{ end }}',
  'templates/got.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
}).bytes;

const outputs = {
  address: 'service:$release.address',
  adminPort: 'service:db:admin.port',
  user: 'values:auth.user',
  charset: String.raw`configmap:db-config.db.charset`,
  password: 'secret:db-auth.password',
};

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

async function got(release: string): Promise<Record<string, unknown>> {
  const object = await kube.find(`/api/v1/namespaces/${namespace}/configmaps/${release}`);
  return JSON.parse((object as unknown as { data: { got: string } }).data.got) as Record<string, unknown>;
}

describe('outputs', () => {
  test('that a request names are shown, injected true, and secret everywhere else', async () => {
    await api.mustInstall({ namespace, body: { name: 'db', outputs }, archive: database });
    const shown = {
      address: `db.${namespace}.svc:5432`,
      adminPort: 8080,
      user: 'ann',
      charset: 'utf8',
      password: '***',
    };
    expect((await api.get(namespace, 'db')).body.outputConfigValues).toEqual(shown);

    await api.mustInstall({ namespace, body: { name: 'app', dependencies: { db: 'db' } }, archive: client });
    expect(await got('app')).toMatchObject({ db: { ...shown, password: 'canary-output-password' } });
    const { text, body } = await api.get(namespace, 'app');
    expect(body.dependenciesConfigValues).toEqual({ db: shown });
    expect(body.computedValues).toMatchObject({ db: shown });
    expect(text.replaceAll(/"got": ?".*"/g, '')).not.toContain('canary-output-password');
    const config = `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs/app`;
    expect(JSON.stringify(await kube.find(config))).not.toContain('canary-output-password');
  });

  test('that cannot be understood are refused with their place', async () => {
    const answer = await api.install({
      namespace,
      body: { name: 'x', outputs: { it: 'service:' } },
      archive: database,
    });
    expect(answer.status, answer.text).toBe(422);
    expect(problemOf(answer)).toMatchObject({ code: 'OUTPUT_INVALID', details: { path: '/outputs/it' } });
  });
});

describe('dependencies', () => {
  test('kafka waits for zookeeper, says so, and gets what it publishes where its metainfo wants it', async () => {
    const readyAfter = (time: string) => ({ replicas: 1, podAnnotations: { 'sandbox.walm.io/ready-after': time } });
    await api.mustInstall({ namespace, body: { name: 'zk', configValues: readyAfter('1h') }, archive: zookeeper });
    const body = { name: 'ka', dependencies: { zookeeper: `${namespace}/zk` }, configValues: { replicas: 1 } };
    const accepted = await api.install({ namespace, body, archive: kafka, query: { async: true } });
    const { task } = accepted.body as { task: TaskInfo };
    const waits = `waits for release ${namespace}/zk, which dependency zookeeper names`;
    await eventually(async () => expect((await api.task(task.id)).body.progress?.message).toContain(waits));
    expect((await api.upgrade({ namespace, body: { name: 'zk', configValues: readyAfter('1s') } })).status).toBe(200);
    const finished = await eventually(async () => {
      const { body: done } = await api.task(task.id);
      expect(done.finishedAt).toBeDefined();
      return done;
    });
    expect(finished.error).toBeUndefined();
    expect((await api.get(namespace, 'zk')).body.ready).toBe(true);
    const info = (await api.get(namespace, 'ka')).body;
    expect(info.dependencies).toEqual({ zookeeper: `${namespace}/zk` });
    expect(info.dependenciesConfigValues).toMatchObject({
      zookeeper: { client: { ZOOKEEPER_ADDRESS: expect.stringContaining(':2181') } },
    });
    expect(info.dependencyStatus).toEqual([
      expect.objectContaining({ key: 'zookeeper', provider: `${namespace}/zk`, state: 'Current', revision: 2 }),
    ]);
  });

  test('on a release that does not exist are refused unless they are allowed', async () => {
    const order = { namespace, body: { name: 'early', dependencies: { db: 'nope' } }, archive: client };
    expect(problemOf(await api.install(order))).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' });
    const allowed = await api.mustInstall({ ...order, query: { allowMissing: true } });
    expect(allowed.body).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'DEPENDENCY_NOT_FOUND' })]),
    });
    expect((await api.get(namespace, 'early')).body.dependencyStatus).toEqual([
      expect.objectContaining({ key: 'db', state: 'ProviderMissing' }),
    ]);
  });

  test('waitReady=false does not wait', async () => {
    const stuck = fixtureChart('misbehaving').bytes;
    await api.mustInstall({
      namespace,
      body: { name: 'stuck', configValues: { annotations: { 'sandbox.walm.io/behaviour': 'image-pull-backoff' } } },
      archive: stuck,
    });
    const order = { namespace, body: { name: 'hasty', dependencies: { db: 'stuck' } }, archive: client };
    const { status } = await api.mustInstall({ ...order, query: { waitReady: false } });
    expect(status).toBe(200);
    expect((await api.get(namespace, 'stuck')).body.ready).toBe(false);
  });

  test('keep their provider from being deleted, unless it is forced', async () => {
    const refused = await api.remove(namespace, 'db');
    expect(refused.status).toBe(409);
    expect(problemOf(refused)).toMatchObject({
      code: 'RELEASE_HAS_DEPENDENTS',
      details: { dependents: [`${namespace}/app`] },
    });
    const forced = await api.remove(namespace, 'db', { force: true });
    expect(forced.status, forced.text).toBe(200);
    const { body } = await api.get(namespace, 'app');
    expect(body.dependencyStatus).toEqual([expect.objectContaining({ key: 'db', state: 'ProviderGone' })]);
    expect(body.dependenciesConfigValues).toHaveProperty('db.user', 'ann');
  });
});

describe('a change of what is published', () => {
  const change = (name: string, configValues: object) =>
    api.send('PUT', `/api/v1/release/${namespace}`, {
      query: { waitReady: false },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, configValues }),
    });
  const reaches = (release: string, values: object) =>
    eventually(async () => {
      const { body } = await api.get(namespace, release);
      expect(body.computedValues).toMatchObject(values);
      expect(body.dependencyStatus?.map(({ state }) => state)).not.toContain('Outdated');
      return body;
    });
  const install = (name: string, published: string, dependencies: Record<string, string> = {}) =>
    api.mustInstall({
      namespace,
      archive: client,
      body: { name, dependencies, outputs: { it: published }, configValues: { own: 1 } },
    });

  test('reaches a dependent, whose history shows the cause', async () => {
    const scaled = await change('zk', { replicas: 3, podAnnotations: {} });
    expect(scaled.status, scaled.text).toBe(200);
    const body = await reaches('ka', {
      zookeeper: { client: { zookeeper_addresses: expect.stringContaining('zk-zookeeper-2') } },
    });
    expect(body).toMatchObject({ version: 2, configValues: { replicas: 1 } });
    const history = await api.send('GET', `/api/v1/release/${namespace}/name/ka/history`);
    expect(history.text).toContain('zk outputs changed: ZOOKEEPER_ADDRESS, zookeeper_addresses');
  });

  test('is foretold by a dry run, with who would follow and because of what', async () => {
    const body = { name: 'zk', configValues: { replicas: 1 } };
    const following = {
      namespace,
      name: 'ka',
      key: 'zookeeper',
      outputs: ['ZOOKEEPER_ADDRESS', 'zookeeper_addresses'],
    };
    const plain = await api.dryRun({ namespace, body });
    expect(plain.headers.get('walm-warnings')).toContain(`${namespace}/ka would be upgraded`);
    const difference = await api.dryRun({ namespace, body, query: { diff: true } });
    expect(difference.body).toMatchObject({ dependents: [following] });
    const same = { name: 'zk', configValues: { podAnnotations: { a: 'b' } } };
    const harmless = await api.dryRun({ namespace, body: same, query: { diff: true } });
    expect(harmless.body).toMatchObject({ dependents: [] });
  });

  test('goes down a chain of ten, and to each once', async () => {
    await install('level-0', 'values:own');
    for (let level = 1; level <= 10; level += 1) {
      await install(`level-${level}`, 'values:up.it', { up: `level-${level - 1}` });
    }
    expect((await change('level-0', { own: 7 })).status).toBe(200);
    await reaches('level-10', { up: { it: 7 } });
    for (let level = 1; level <= 10; level += 1) {
      expect((await api.get(namespace, `level-${level}`)).body.version).toBe(2);
    }
  });

  test('goes down a chain, and through a diamond once', async () => {
    await install('top', 'values:own');
    await install('left', 'values:up.it', { up: 'top' });
    await install('right', 'values:up.it', { up: 'top' });
    await install('bottom', 'values:l.it', { l: 'left', r: 'right' });
    expect((await change('top', { own: 2 })).status).toBe(200);
    const body = await reaches('bottom', { l: { it: 2 }, r: { it: 2 } });
    expect(body.version).toBe(2);
    await reaches('left', { up: { it: 2 } });
  });

  test('waits while a dependent is paused, and reaches it when that is over', async () => {
    const verb = (name: string) => api.send('POST', `/api/v1/release/${namespace}/name/left/${name}`);
    const paused = await verb('pause');
    expect(paused.status, paused.text).toBe(200);
    expect((await change('top', { own: 3 })).status).toBe(200);
    await reaches('right', { up: { it: 3 } });
    await eventually(async () => {
      const { body } = await api.get(namespace, 'left');
      expect(body.dependencyStatus).toEqual([
        expect.objectContaining({ state: 'Outdated', error: 'waits: the release is paused' }),
      ]);
    });
    expect((await verb('recover')).status).toBe(200);
    await reaches('left', { up: { it: 3 } });
  });

  test('is followed when it is one of a Secret that Helm does not manage', async () => {
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const metadata = { name: 'vault-login' };
    await kube.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: 'canary-1' } });
    const outputs = { password: 'secret:$release-login.password' };
    await api.mustInstall({ namespace, archive: client, body: { name: 'vault', outputs } });
    await install('guest', 'values:own', { up: 'vault' });
    expect(await got('guest')).toMatchObject({ up: { password: 'canary-1' } });
    const changed = { stringData: { password: 'canary-2' } };
    await kube.call('PATCH', `${secrets}/vault-login`, changed, 'application/merge-patch+json');
    await eventually(async () => expect(await got('guest')).toMatchObject({ up: { password: 'canary-2' } }));
    await kube.remove(`${secrets}/vault-login`);
    await eventually(async () => expect(await got('guest')).not.toHaveProperty('up'));
  });

  test('reaches a dependent whose chart cannot take it once it can, and says so until then', async () => {
    await api.mustInstall({
      namespace,
      archive: client,
      body: { name: 'fate', outputs: { unlucky: 'values:unlucky' }, configValues: { unlucky: false } },
    });
    await install('mortal', 'values:own', { up: 'fate' });
    expect((await change('fate', { unlucky: true })).status).toBe(200);
    await eventually(async () => {
      const [status] = (await api.get(namespace, 'mortal')).body.dependencyStatus ?? [];
      expect(status).toMatchObject({
        key: 'up',
        provider: `${namespace}/fate`,
        state: 'Outdated',
        keys: ['unlucky'],
        error: expect.stringMatching(/^failed, waits for a change of the release or of what it depends on: .*unlucky/s),
      });
    });
    expect((await change('fate', { unlucky: '' })).status).toBe(200);
    await reaches('mortal', { up: { unlucky: '' } });
    const [status] = (await api.get(namespace, 'mortal')).body.dependencyStatus ?? [];
    expect(status).toMatchObject({ state: 'Current', lastPropagation: expect.stringMatching(/^20/) });
    expect(status?.error).toBeUndefined();
  });

  test('reaches a dependent that was just being made, and one that was busy', async () => {
    await install('moving', 'values:own');
    const order = { namespace, archive: client, body: { name: 'newborn', dependencies: { up: 'moving' } } };
    const [born] = await Promise.all([api.install({ ...order, query: { async: true } }), change('moving', { own: 2 })]);
    expect(born.status, born.text).toBe(202);
    await reaches('newborn', { up: { it: 2 } });
    await Promise.all([change('newborn', { mine: 1 }), change('moving', { own: 3 }), change('newborn', { mine: 2 })]);
    await reaches('newborn', { up: { it: 3 } });
  });

  test('of a deleted dependent makes nothing', async () => {
    const gone = await api.remove(namespace, 'newborn');
    expect(gone.status, gone.text).toBe(200);
    expect((await change('moving', { own: 4 })).status).toBe(200);
    expect((await api.get(namespace, 'newborn')).status).toBe(404);
    const { body } = await api.send('GET', '/api/v1/task', { query: { namespace, release: 'newborn', limit: 1 } });
    expect(body).toMatchObject({ items: [{ operation: 'delete', state: 'succeeded' }] });
  });

  test('goes from one OCI image to the other', async () => {
    const image = (chart: string) => ({
      chartImage: `${registry}/charts/${chart}:1.0.0`,
      configValues: { replicas: 1 },
    });
    await api.mustInstall({ namespace, body: { name: 'image-zk', ...image('zookeeper') } });
    const dependencies = { zookeeper: 'image-zk' };
    await api.mustInstall({ namespace, body: { name: 'image-ka', dependencies, ...image('kafka') } });
    const scaled = await change('image-zk', { replicas: 3 });
    expect(scaled.status, scaled.text).toBe(200);
    const body = await reaches('image-ka', {
      zookeeper: { client: { zookeeper_addresses: expect.stringContaining('image-zk-zookeeper-2') } },
    });
    expect(body).toMatchObject({ version: 2, ...image('kafka') });
  });

  test('touches nothing that takes none of it', async () => {
    const before = (await api.get(namespace, 'early')).body.version;
    expect((await change('top', { other: 1 })).status).toBe(200);
    expect((await api.get(namespace, 'right')).body.dependencyStatus).toMatchObject([{ state: 'Current' }]);
    expect((await api.get(namespace, 'early')).body.version).toBe(before);
  });
});

test('the graph names releases, what they depend on, and how that is', async () => {
  const answer = await api.send('GET', '/api/v1/dependency', { query: { namespace } });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({ namespace, name: 'zk', exists: true }),
      expect.objectContaining({ namespace, name: 'db', exists: false }),
    ]),
    edges: expect.arrayContaining([
      expect.objectContaining({ from: `${namespace}/ka`, to: `${namespace}/zk`, key: 'zookeeper', state: 'Current' }),
      expect.objectContaining({ from: `${namespace}/app`, to: `${namespace}/db`, key: 'db', state: 'ProviderGone' }),
    ]),
  });
});
