import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server, ownRepositories } = inject('surroundings');
const api = createWalmApi(server);
const files = {
  'templates/x.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {size: "{{ .Values.size }}"}\n',
  'values.yaml': 'size: 1\n',
};
let odd: ChartRepository;
let namespace: string;

beforeAll(async () => {
  odd = await startChartRepository(ownRepositories.odd);
  for (const version of ['1.0.0', '2.0.0']) {
    odd.add(buildChart('many', files, version));
    odd.add(buildChart('other', files, version));
  }
  namespace = await createNamespace(createKubeClient(kubeconfig), 'bulk-upgrade');
});
afterAll(() => odd.close());

test('releases of one chart get one version, and keep their values', async () => {
  const chart = { repoName: 'odd', chartName: 'many', chartVersion: '1.0.0', configValues: { size: 7 } };
  for (const name of ['one', 'two']) {
    await api.mustInstall({ namespace, body: { name, ...chart, releaseLabels: { fleet: 'many' } } });
  }
  await api.mustInstall({ namespace, body: { ...chart, name: 'three', chartName: 'other' } });
  const upgrade = (query: Record<string, string>) =>
    api.send('POST', '/api/v1/bulk/upgrade', { query: { chartVersion: '2.0.0', ...query } });
  const mixed = await upgrade({ releases: `${namespace}/one,${namespace}/three` });
  expect([mixed.status, mixed.text.includes('many and other')], mixed.text).toEqual([400, true]);
  const planned = await upgrade({ namespace, labelselector: 'fleet=many', dryrun: 'true' });
  expect(planned.body, planned.text).toMatchObject({ items: [{ outcome: 'planned' }, { outcome: 'planned' }] });
  const done = await upgrade({ releases: `${namespace}/one,${namespace}/two,${namespace}/none` });
  expect(done.body, done.text).toMatchObject({
    action: 'upgrade',
    failed: 1,
    items: [{ error: { code: 'RELEASE_NOT_FOUND' } }, { outcome: 'done' }, { outcome: 'done' }],
  });
  for (const name of ['one', 'two']) {
    expect((await api.get(namespace, name)).body).toMatchObject({ chartVersion: '2.0.0', configValues: { size: 7 } });
  }
  const unknown = await upgrade({ releases: `${namespace}/one`, chartVersion: '9.0.0' });
  expect(unknown.body).toMatchObject({ items: [{ error: { code: 'CHART_VERSION_NOT_FOUND' } }] });
});
