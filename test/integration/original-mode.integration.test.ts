import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
afterAll(() => kube.close());

const chart = buildChart('web', {
  'values.yaml': 'main: {memory: 1Gi}\nboth: chart\n',
  'transwarp-meta/metainfo.yaml': `
dependencies: [{name: cache, minVersion: "0.1", maxVersion: "9.9", dependencyOptional: true, aliasConfigVar: CACHE}]
roles:
  - name: main
    type: container
    resources: {limitsMemory: {mapKey: main.memory}}
`,
  'templates/map.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {memory: "{{ .Values.main.memory }}"}
`,
});
const memoryOf4 = { roles: [{ name: 'main', resources: { limitsMemory: 4 } }] };

describe.each(['original', 'current'] as const)('compatibility: %s', (mode) => {
  /** The value that is expected in this mode. */
  const either = <T>(original: T, current: T): T => (mode === 'original' ? original : current);
  let repository: ChartRepository;
  let server: WalmServer;
  let api: WalmApi;
  let namespace: string;

  beforeAll(async () => {
    repository = await startChartRepository();
    repository.add(chart);
    namespace = await createNamespace(kube, mode);
    server = await startWalmServer({
      kubeconfig,
      repositories: [{ name: 'stable', url: repository.url }],
      flags: [`--compatibility=${mode}`, `--kubernetes-system-namespace=walm-${mode}`],
    });
    api = createWalmApi(server.url);
    await send('POST', '', { name: 'web' });
  });
  afterAll(async () => {
    await server.stop();
    await repository.close();
  });

  const headers = { 'content-type': 'application/json' };
  const send = (method: string, path: string, body?: object) =>
    api.send(method, `/api/v1/release/${namespace}${path}`, {
      headers,
      ...(body && { body: JSON.stringify({ chartName: 'web', ...body }) }),
    });

  test('POST of an existing name, PUT and DELETE of an unknown one', async () => {
    expect((await send('POST', '', { name: 'web', configValues: { both: 'mine' } })).status).toBe(either(200, 409));
    expect((await send('PUT', '', { name: 'new' })).status).toBe(either(200, 404));
    expect((await send('DELETE', '/name/unknown')).status).toBe(either(200, 404));
    expect((await api.get(namespace, 'web')).body.version).toBe(either(2, 1));
  });

  test('keys of dependencies that the chart does not know', async () => {
    const answer = await send('POST', '/dryrun', { name: 'other', dependencies: { queue: 'web' } });
    expect(answer.status).toBe(either(500, 200));
    expect(answer.text.includes('dependency key queue is not valid')).toBe(mode === 'original');
  });

  test('plugins that do not exist', async () => {
    const body = { name: 'plugged', plugins: [{ name: 'guardian' }] };
    expect((await send('POST', '/dryrun?strict=true', body)).status).toBe(either(200, 422));
    expect((await send('POST', '', body)).status).toBe(200);
    const { plugins, warnings } = (await api.get(namespace, 'plugged')).body;
    expect(plugins).toMatchObject([{ name: 'guardian' }]);
    expect(warnings.map(({ code }) => code)).toEqual(either([], ['PLUGIN_UNKNOWN']));
  });

  test('an answer before the end', async () => {
    const answer = await send('POST', '?async=true', { name: 'later' });
    expect(answer.status).toBe(either(200, 202));
    expect(answer.text === '').toBe(mode === 'original');
  });

  test('status codes', async () => {
    const found = await Promise.all([
      send('POST', '?timeoutSec=abc', { name: 'x' }),
      send('POST', '/name/unknown/pause'),
      api.send('POST', `/api/v1/release/${namespace}/name/web/restart`),
      send('GET', '/name/unknown'),
    ]);
    expect(found.map(({ status }) => status)).toEqual(either([500, 500, 415, 404], [400, 404, 200, 404]));
  });

  test('memory as a number, of a release and of one in a project', async () => {
    const dryRun = await send('POST', '/dryrun', { name: 'other', metaInfoParams: memoryOf4 });
    expect(dryRun.body).toMatchObject([{ data: { memory: either('4Mi', '4Gi') } }, {}]);
    const releases = [{ name: 'member', chartName: 'web', configValues: { both: 'own' }, metaInfoParams: memoryOf4 }];
    const made = await api.send('POST', `/api/v1/project/${namespace}/name/shop`, {
      headers,
      body: JSON.stringify({ commonValues: { both: 'common' }, releases }),
    });
    expect(made.status, made.text).toBe(200);
    const { computedValues } = (await api.get(namespace, 'member')).body;
    expect(computedValues).toMatchObject({ main: { memory: either('4Mi', '4Gi') }, both: either('common', 'own') });
  });

  test('a provider on which another release depends', async () => {
    await send('POST', '', { name: 'provider' });
    const made = await send('POST', '', { name: 'dependent', dependencies: { cache: 'provider' } });
    expect(made.status, made.text).toBe(200);
    expect((await send('DELETE', '/name/provider')).status).toBe(either(200, 409));
  });
});
