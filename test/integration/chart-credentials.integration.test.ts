import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { type RegistryHandle, startRegistry } from '../harness/programs/registry.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const login = { username: 'puller', password: 'canary-registry-password' };
const [open, closed] = ['chart-credentials', 'chart-no-credentials'];
let registry: RegistryHandle;

beforeAll(async () => {
  registry = await startRegistry(login);
  const chart = buildChart('guarded', {});
  const helm = createHelmCli(kubeconfig);
  const file = join(helm.folder, 'guarded.tgz');
  writeFileSync(file, chart.bytes);
  await helm.run('registry', 'login', registry.host, '--plain-http', '-u', login.username, '-p', login.password);
  await helm.run('push', file, `oci://${registry.host}/charts`, '--plain-http');
  helm.close();
  await createNamespace(kube, open);
  await createNamespace(kube, closed);
});
afterAll(async () => {
  await registry.stop();
  kube.close();
});

function keepSecret(name: string, stringData: Record<string, string>, type = 'Opaque'): Promise<unknown> {
  const metadata = { name, labels: { 'walm.io/credential': 'registry' } };
  return kube.create(`/api/v1/namespaces/${open}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    type,
    metadata,
    stringData,
  });
}

function dryRun(namespace: string) {
  return api.dryRun({
    namespace,
    body: { name: 'app', chartImage: `oci+http://${registry.host}/charts/guarded:0.1.0` },
  });
}

test("a registry is reached with the namespace's own credentials, and without them it is not", async () => {
  const refused = await dryRun(open);
  expect(problemOf(refused).code, refused.text).toBe('REGISTRY_UNAUTHORIZED');

  await keepSecret('registry', { host: registry.host, plainHttp: 'true', ...login });
  const answer = await dryRun(open);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain(login.password);

  const elsewhere = await dryRun(closed);
  expect(problemOf(elsewhere).code, elsewhere.text).toBe('REGISTRY_UNAUTHORIZED');
});

test('a labelled Secret that cannot be used is named, and what it holds is not', async () => {
  await keepSecret('broken', { password: login.password });
  const answer = await dryRun(open);
  expect(answer.status, answer.text).toBe(422);
  expect(problemOf(answer)).toMatchObject({ code: 'CREDENTIAL_INVALID' });
  expect(answer.text).toContain(`Secret ${open}/broken`);
  expect(answer.text).not.toContain(login.password);
});
