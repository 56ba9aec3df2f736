import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig } = inject('surroundings');
/** The sandbox's own keys: a certificate for 127.0.0.1 by an authority that no system trusts. */
const keys = join(dirname(kubeconfig), 'pki');
const [trusting, doubting] = ['authority-secret', 'authority-none'];

describe.skipIf(!existsSync(keys))('a repository whose certificate is by a private authority', () => {
  const kube = createKubeClient(kubeconfig);
  let repository: ChartRepository;
  let server: WalmServer;
  let api: WalmApi;

  beforeAll(async () => {
    const [cert, key] = ['apiserver.crt', 'apiserver.key'].map((file) => readFileSync(join(keys, file), 'utf8'));
    repository = await startChartRepository({ tls: { cert: cert ?? '', key: key ?? '' } });
    repository.add(buildChart('sealed', {}));
    const { url } = repository;
    const repositories = [
      { name: 'trusted', url: `${url}/`, caFile: join(keys, 'ca.crt') },
      { name: 'unknown', url: url.replace('127.0.0.1', 'localhost') },
    ];
    server = await startWalmServer({ kubeconfig, repositories });
    api = createWalmApi(server.url);
    await createNamespace(kube, trusting);
    await createNamespace(kube, doubting);
  });
  afterAll(async () => {
    await server.stop();
    await repository.close();
    kube.close();
  });

  const dryRun = (repoName: string, namespace = doubting) =>
    api.dryRun({ namespace, body: { name: 'app', repoName, chartName: 'sealed' } });

  test('is reached where the configuration names the authority', async () => {
    const answer = await dryRun('trusted');
    expect(answer.status, answer.text).toBe(200);
  });

  test('is refused without a trusted authority, and reached with the authority of the namespace', async () => {
    const refused = await dryRun('unknown');
    expect(problemOf(refused).code, refused.text).toBe('REPOSITORY_UNREACHABLE');
    expect(refused.text).toContain('certificate');

    await kube.create(`/api/v1/namespaces/${trusting}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'authority', labels: { 'walm.io/credential': 'repository' } },
      stringData: {
        url: repository.url.replace('127.0.0.1', 'localhost'),
        'ca.crt': readFileSync(join(keys, 'ca.crt'), 'utf8'),
      },
    });
    const answer = await dryRun('unknown', trusting);
    expect(answer.status, answer.text).toBe(200);
  });
});
