import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const chart = fixtureChart('umbrella');
const archive = join(helm.folder, 'umbrella.tgz');

beforeAll(() => writeFileSync(archive, chart.bytes));
afterAll(() => {
  helm.close();
  kube.close();
});

async function listed(namespace: string): Promise<string[]> {
  const { body } = await api.list();
  return body.items.filter((item) => item.namespace === namespace).map(({ name, version }) => `${name} ${version}`);
}

test('a release of the helm command line is followed from install to uninstall', async () => {
  const namespace = await createNamespace(kube, 'interop-foreign');
  const inNamespace = ['--namespace', namespace];

  await helm.run('install', 'foreign', archive, '--set', 'own.size=0', ...inNamespace);
  await eventually(async () => expect(await listed(namespace)).toEqual(['foreign 1']));
  const installed = await eventually(async () => {
    const { body } = await api.get(namespace, 'foreign');
    expect(body).toMatchObject({ chartName: 'umbrella', chartVersion: '2.0.0', status: 'deployed', paused: false });
    return body;
  });
  expect(installed.configValues).toEqual({ own: { size: 0 } });
  expect(installed.computedValues).toMatchObject({ global: { region: 'north' } });
  await eventually(async () =>
    expect((await api.get(namespace, 'foreign')).body).toMatchObject({ ready: true, message: '' }),
  );

  await helm.run('upgrade', 'foreign', archive, '--set', 'own.size=1', ...inNamespace);
  await eventually(async () => {
    const { body } = await api.get(namespace, 'foreign');
    expect(body).toMatchObject({ version: 2, configValues: { own: { size: 1 } } });
  });

  await helm.run('rollback', 'foreign', '1', ...inNamespace);
  await eventually(async () => {
    const { body } = await api.get(namespace, 'foreign');
    expect(body).toMatchObject({ version: 3, configValues: { own: { size: 0 } } });
  });

  await helm.run('uninstall', 'foreign', ...inNamespace);
  await eventually(async () => {
    expect(await listed(namespace)).toEqual([]);
    expect((await api.get(namespace, 'foreign')).status).toBe(404);
  });
});

test('an uninstall that keeps history ends the release, and its name is free', async () => {
  const namespace = await createNamespace(kube, 'interop-kept');
  await helm.run('install', 'kept', archive, '--namespace', namespace);
  await eventually(async () => expect(await listed(namespace)).toEqual(['kept 1']));
  await helm.run('uninstall', 'kept', '--keep-history', '--namespace', namespace);
  await eventually(async () => expect(await listed(namespace)).toEqual([]));

  await api.mustInstall({ namespace, body: { name: 'kept' }, archive: chart.bytes });
  expect((await api.get(namespace, 'kept')).body).toMatchObject({
    status: 'deployed',
    ready: expect.any(Boolean) as boolean,
  });
  expect(await listed(namespace)).toEqual(['kept 2']);
});

describe('a release of Walm that the helm command line changes', () => {
  const namespace = 'interop-changed';

  beforeAll(async () => {
    await createNamespace(kube, namespace);
    const body = { name: 'ours', configValues: { own: { size: 2 } }, releaseLabels: { team: 'blue' } };
    await api.mustInstall({ namespace, body, archive: chart.bytes });
  });

  test('says so, and keeps the facts of the last revision that was its own', async () => {
    const startedAt = Date.now();
    await helm.run('upgrade', 'ours', archive, '--reuse-values', '--set', 'own.size=1', '--namespace', namespace);
    await eventually(async () => {
      const { body } = await api.get(namespace, 'ours');
      expect(body).toMatchObject({ version: 2, outside: { revision: 1 }, releaseLabels: { team: 'blue' } });
      expect(Date.parse(body.outside?.since ?? '')).toBeGreaterThan(startedAt - 60_000);
      expect(body.computedValues).toMatchObject({ own: { size: 1 } });
    });
    const { body: selected } = await api.list(namespace, { labelselector: 'team=blue' });
    expect(selected.items.map(({ name }) => name)).toEqual(['ours']);
  });

  test('has its own values again after a rollback to a revision of Walm, and stays outside', async () => {
    await helm.run('rollback', 'ours', '1', '--namespace', namespace);
    await eventually(async () => {
      const { body } = await api.get(namespace, 'ours');
      expect(body).toMatchObject({ version: 3, configValues: { own: { size: 2 } }, sealed: false });
      expect(body.outside).toMatchObject({ revision: 1, reason: 'it differs from what was sealed: revision' });
    });
  });

  test('is gone when helm uninstalls it, with everything that Walm kept for it', async () => {
    await helm.run('uninstall', 'ours', '--namespace', namespace);
    await eventually(async () => expect((await api.get(namespace, 'ours')).status).toBe(404));
    await eventually(async () => {
      const secrets = await kube.list(`/api/v1/namespaces/${namespace}/secrets`);
      expect(secrets.map(({ metadata }) => metadata.name)).toEqual([]);
    });
  });
});

test('a change of the cluster becomes visible in the status', async () => {
  const namespace = await createNamespace(kube, 'interop-scaled');
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: chart.bytes });
  await eventually(async () => expect((await api.get(namespace, 'app')).body.ready).toBe(true));
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/app-web`;
  await kube.call('PATCH', path, { spec: { replicas: 3 } }, 'application/merge-patch+json');
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    const web = body.releaseStatus?.deployments.find(({ name }) => name === 'app-web');
    expect(web).toMatchObject({ expectedReplicas: 3 });
  });
  await kube.remove(path);
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.ready).toBe(false);
    expect(body.message).toContain(`Deployment ${namespace}/app-web is in state NotFound`);
  });
});
