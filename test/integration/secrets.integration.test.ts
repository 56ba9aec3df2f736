import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

/** Values that must be found in Helm's record and in the chart's own Secret, and nowhere else. */
const PASSWORD = 'canary-8f1c2a77-password';
const TOKEN = 'canary-8f1c2a77-token';

const { kubeconfig, server, logFile } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'secrets';
const order = {
  namespace,
  body: { name: 'app', configValues: { database: { user: 'somebody', password: PASSWORD, token: TOKEN } } },
  archive: fixtureChart('schema').bytes,
};
const answers: string[] = [];

beforeAll(async () => {
  await createNamespace(kube, namespace);
  answers.push((await api.dryRun(order)).text);
  answers.push((await api.mustInstall(order)).text);
  const tooMany = {
    ...order,
    body: { ...order.body, name: 'many', configValues: { ...order.body.configValues, replicas: 77 } },
  };
  answers.push((await api.install(tooMany)).text, (await api.get(namespace, 'many')).text);
  const unlike = { ...order, body: { name: 'unlike', configValues: { database: { password: `Not-${PASSWORD}` } } } };
  answers.push(
    (await api.install(unlike)).text,
    (await api.dryRun(unlike)).text,
    (await api.get(namespace, 'unlike')).text,
  );
  const wrongType = {
    ...order,
    body: { name: 'wrong', configValues: { database: { password: [PASSWORD], token: TOKEN } } },
  };
  answers.push((await api.install(wrongType)).text, (await api.dryRun(wrongType)).text);
});

afterAll(() => {
  helm.close();
  kube.close();
});

function expectNoCanary(text: string): void {
  for (const canary of [PASSWORD, TOKEN]) {
    for (const form of [canary, Buffer.from(canary).toString('base64').slice(0, 20)]) {
      const at = text.indexOf(form);
      expect(at === -1 ? '' : text.slice(Math.max(0, at - 150), at + 50)).toBe('');
    }
  }
}

test('the chart gets them, and Helm keeps them', async () => {
  const values = JSON.parse(await helm.run('get', 'values', 'app', '-n', namespace, '-o', 'json')) as unknown;
  expect(values).toEqual(order.body.configValues);
  const secret = await kube.find(`/api/v1/namespaces/${namespace}/secrets/app-database`);
  expect(secret?.['data']).toEqual({ password: btoa(PASSWORD), token: btoa(TOKEN) });
});

test('no answer shows them', async () => {
  answers.push((await api.get(namespace, 'app')).text, (await api.list(namespace)).text, (await api.list()).text);
  answers.forEach(expectNoCanary);
  const { body } = await api.get(namespace, 'app');
  expect(body.configValues).toEqual({ database: { user: 'somebody', password: '***', token: '***' } });
  expect(body.computedValues).toMatchObject({ database: { user: 'somebody', password: '***', token: '***' } });
  const [secret] = body.releaseStatus?.secrets ?? [];
  expect(secret?.data).toEqual({ password: '***', token: '***' });
});

test('no ReleaseConfig, config map, event or log line has them', async () => {
  const release = '/apis/apiextensions.transwarp.io/v1beta1';
  for (const path of [`${release}/releaseconfigs`, '/api/v1/configmaps', `/api/v1/namespaces/${namespace}/events`]) {
    expectNoCanary(JSON.stringify(await kube.list(path)));
  }
  expectNoCanary(readFileSync(logFile, 'utf8'));
  const manifest = await helm.run('get', 'manifest', 'app', '-n', namespace);
  const releaseConfig = manifest.split(/^---$/m).find((document) => document.includes('ReleaseConfig'));
  expect(releaseConfig).toContain('somebody');
  expectNoCanary(releaseConfig ?? '');
});

test('`***` stands for what is there, so where nothing is there it is refused', async () => {
  const body = { name: 'masked', configValues: { database: { password: '***' } } };
  const answer = await api.install({ ...order, body });
  expect(answer.status, answer.text).toBe(422);
});

test('a chart that publishes its own passwords does so to its dependents alone', async () => {
  const [first, second] = [`${PASSWORD}-1`, `${PASSWORD}-2`];
  const db = buildChart('db', {
    'values.schema.json': '{"properties": {"auth": {"properties": {"password": {"format": "password"}}}}}',
    'templates/all.yaml': `
{{ $token := printf "${TOKEN}-of-revision-%d" .Release.Revision }}
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-token"}
stringData: {token: {{ $token }}}
---
apiVersion: apiextensions.transwarp.io/v1beta1
kind: ReleaseConfig
metadata: {name: {{ .Release.Name }}}
spec:
  outputConfig:
    host: {{ .Release.Name }}.svc
    password: {{ .Values.auth.password }}
    urls: ["pg://ann:{{ .Values.auth.password }}@{{ .Release.Name }}", {{ $token | b64enc }}]
`,
  }).bytes;
  const taker = buildChart('taker', {
    'templates/x.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: taker}\ndata: {got: {{ .Values.db | toJson | sha256sum }}}',
  }).bytes;
  const specOf = async (name: string) => {
    const at = `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs/${name}`;
    const found = await kube.find(at);
    expectNoCanary(JSON.stringify(found));
    return Object(found?.['spec']) as { outputConfig: unknown; dependenciesConfigValues: unknown };
  };
  const taken = async () =>
    (JSON.parse(await helm.run('get', 'values', 'taker', '-n', namespace, '-o', 'json')) as { db: unknown }).db;
  const published = (password: string, revision: number) => ({
    host: 'db.svc',
    password,
    urls: [`pg://ann:${password}@db`, btoa(`${TOKEN}-of-revision-${revision}`)],
  });
  const hidden = (name = 'db') => ({ host: `${name}.svc`, password: '***', urls: ['***', '***'] });
  const order = (password: string) => ({ namespace, body: { name: 'db', configValues: { auth: { password } } } });

  await api.mustInstall({ ...order(first), archive: db });
  await api.mustInstall({ namespace, body: { name: 'taker', dependencies: { db: 'db' } }, archive: taker });
  expect((await specOf('db')).outputConfig).toEqual(hidden());
  expect((await specOf('taker')).dependenciesConfigValues).toEqual({ db: hidden() });
  expect(await taken()).toEqual(published(first, 1));
  const shown = (await api.get(namespace, 'taker')).body;
  expect(shown.computedValues).toEqual({ db: hidden() });

  expect((await api.upgrade(order(second))).status).toBe(200);
  await eventually(async () => expect(await taken()).toEqual(published(second, 2)));
  expect((await specOf('db')).outputConfig).toEqual(hidden());

  const path = `/api/v1/release/${namespace}/name/db`;
  for (const verb of ['pause', 'recover', 'rollback?revision=1']) {
    expect((await api.send('POST', `${path}/${verb}`)).status).toBe(200);
    expect((await specOf('db')).outputConfig).toEqual(hidden());
  }
  await eventually(async () => expect(await taken()).toEqual(published(first, 1)));

  const file = join(helm.folder, 'db.tgz');
  writeFileSync(file, db);
  await helm.run('install', 'plain', file, '-n', namespace, '--set', `auth.password=${first}`);
  await eventually(async () => expect((await api.get(namespace, 'plain')).status).toBe(200));
  expect((await api.send('POST', `/api/v1/release/${namespace}/name/plain/adopt`)).status).toBe(200);
  expect((await specOf('plain')).outputConfig).toEqual(hidden('plain'));
});
