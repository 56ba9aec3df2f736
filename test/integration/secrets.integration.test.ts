import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { fixtureChart } from '../harness/chart-builder.ts';
import { createHelmCli } from '../harness/helm-cli.ts';
import { createKubeClient } from '../harness/kube-client.ts';
import { createNamespace } from '../harness/test-namespace.ts';
import { createWalmApi } from '../harness/walm-api.ts';

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
