import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const helm = createHelmCli(kubeconfig);
afterAll(() => {
  kube.close();
  helm.close();
});

const deployment = (name: string, spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  ${spec}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;
const rest = `
apiVersion: v1
kind: Secret
metadata: {name: password}
stringData: {password: {{ randAlphaNum 24 }}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: 0 0 * * *
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: registry.example/main:1}]}}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`;
/** With a password that is generated at each rendering. */
const chart = buildChart('generated', {
  'values.yaml': 'replicas: 2\n',
  'templates/all.yaml': deployment('web', 'replicas: {{ .Values.replicas }}') + deployment('scaled', '') + rest,
}).bytes;

const post = (path: string, init: Parameters<typeof api.send>[2] = {}) => api.send('POST', path, init);
const manifest = (namespace: string, name: string, revision: number) =>
  helm.run('get', 'manifest', name, '-n', namespace, '--revision', String(revision));
/** A manifest without the object that names the task that wrote it. */
const withoutReleaseConfig = (text: string) =>
  text.split(/^---$/m).filter((document) => !document.includes('kind: ReleaseConfig'));
const isReady = (namespace: string, name: string) =>
  eventually(async () => expect((await api.get(namespace, name)).body).toMatchObject({ ready: true }));
const pods = async (namespace: string) =>
  (await kube.list(`/api/v1/namespaces/${namespace}/pods`)).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  ).length;

let namespace: string;
beforeAll(async () => {
  namespace = await createNamespace(kube, 'pause');
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: chart });
  await isReady(namespace, 'app');
});

test('a pause changes nothing but what runs, is one revision, and is the same twice', async () => {
  const path = `/api/v1/release/${namespace}/name/app/pause`;
  const paused = await post(path, { headers: { 'content-type': 'application/json' } });
  expect([paused.status, paused.text]).toEqual([200, '']);
  const { body } = await api.get(namespace, 'app');
  expect(body).toMatchObject({ version: 2, ready: false, paused: true, message: 'Release is paused now' });
  expect(body.plugins).toEqual([{ name: 'PauseRelease', args: '', version: '1.0', disable: false }]);
  await eventually(async () => expect(await pods(namespace)).toBe(0));
  const again = await post(path);
  expect([again.status, again.headers.get('walm-task-id')]).toEqual([200, null]);
  expect((await api.get(namespace, 'app')).body.version).toBe(2);

  const [before, after] = [await manifest(namespace, 'app', 1), await manifest(namespace, 'app', 2)];
  const lost = withoutReleaseConfig(before).filter((document) => !withoutReleaseConfig(after).includes(document));
  expect(lost.map((document) => /kind: (\w+)/.exec(document)?.[1] ?? '').toSorted()).toEqual([
    'CronJob',
    'DaemonSet',
    'Deployment',
    'Deployment',
  ]);
  expect(await helm.run('history', 'app', '-n', namespace)).toMatch(/2 .*deployed .*paused/);
  expect(problemOf(await post(`/api/v1/release/${namespace}/name/app/restart`))).toMatchObject({
    code: 'RELEASE_PAUSED',
  });
});

test('an upgrade leaves it paused, and recovering brings what the upgrade wanted', async () => {
  const upgrade = await api.send('PUT', `/api/v1/release/${namespace}`, {
    body: JSON.stringify({ name: 'app', configValues: { replicas: 3 } }),
    headers: { 'content-type': 'application/json' },
  });
  expect(upgrade.status, upgrade.text).toBe(200);
  expect((await api.get(namespace, 'app')).body).toMatchObject({ version: 3, paused: true, ready: false });
  expect(await pods(namespace)).toBe(0);

  expect((await post(`/api/v1/release/${namespace}/name/app/recover`)).status).toBe(200);
  await isReady(namespace, 'app');
  const { body } = await api.get(namespace, 'app');
  expect(body).toMatchObject({ version: 4, paused: false, plugins: [] });
  expect(body.releaseStatus?.deployments.map(({ name, expectedReplicas }) => [name, expectedReplicas])).toEqual([
    ['web', 3],
    ['scaled', 1],
  ]);
  const recovered = await manifest(namespace, 'app', 4);
  expect(recovered).not.toContain('walm.io/paused');
  expect(recovered).not.toContain('suspend');
  expect((await post(`/api/v1/release/${namespace}/name/app/recover`)).status).toBe(200);
  expect((await api.get(namespace, 'app')).body.version).toBe(4);
});

test('what was scaled by hand is scaled so again', async () => {
  const scale = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled/scale`;
  await kube.call('PATCH', scale, { spec: { replicas: 4 } }, 'application/merge-patch+json');
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.releaseStatus?.deployments.map(({ expectedReplicas }) => expectedReplicas)).toEqual([3, 4]);
  });
  await post(`/api/v1/release/${namespace}/name/app/pause`);
  await eventually(async () => expect(await pods(namespace)).toBe(0));
  await post(`/api/v1/release/${namespace}/name/app/recover`);
  await isReady(namespace, 'app');
  const { body } = await api.get(namespace, 'app');
  expect(body.releaseStatus?.deployments.map(({ expectedReplicas }) => expectedReplicas)).toEqual([3, 4]);
});

test('an umbrella chart loses no object, and a release of plain helm is paused and adopted', async () => {
  const umbrella = fixtureChart('umbrella');
  await api.mustInstall({ namespace, body: { name: 'umbrella' }, archive: umbrella.bytes });
  const before = withoutReleaseConfig(await manifest(namespace, 'umbrella', 1));
  await post(`/api/v1/release/${namespace}/name/umbrella/pause`);
  await post(`/api/v1/release/${namespace}/name/umbrella/recover`);
  const after = withoutReleaseConfig(await manifest(namespace, 'umbrella', 3));
  expect(after.length).toBe(before.length);
  const names = (documents: string[]) => documents.map((text) => /\n  name: (.*)/.exec(text)?.[1] ?? '').toSorted();
  expect(names(after)).toEqual(names(before));

  await helm.run('install', 'plain', inject('surroundings').starter, '-n', namespace);
  await eventually(async () => expect((await api.get(namespace, 'plain')).status).toBe(200));
  expect((await post(`/api/v1/release/${namespace}/name/plain/pause`)).status).toBe(200);
  expect((await api.get(namespace, 'plain')).body).toMatchObject({ paused: true, version: 2 });
  expect((await api.get(namespace, 'plain')).body.outside).toBeUndefined();
});

test('what a pause cannot stop is named in its answer, and as long as the release is paused', async () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: loner}\nspec: {containers: [{name: c, image: registry.example/main:1}]}';
  await api.mustInstall({
    namespace,
    body: { name: 'loner' },
    archive: buildChart('loner', { 'templates/a.yaml': pod }).bytes,
  });
  const pause = () => post(`/api/v1/release/${namespace}/name/loner/pause`);
  const object = { apiVersion: 'v1', kind: 'Pod', namespace, name: 'loner' };
  expect((await pause()).body).toEqual({
    warnings: [{ code: 'NOT_PAUSED', message: expect.stringContaining('Pod loner') as string, object }],
    notPaused: [object],
  });
  expect((await pause()).body).toEqual({ warnings: [], notPaused: [object] });
  expect((await api.get(namespace, 'loner')).body.notPaused).toEqual([object]);
  expect((await post(`/api/v1/release/${namespace}/name/loner/recover`)).status).toBe(200);
  expect((await api.get(namespace, 'loner')).body.notPaused).toBeUndefined();
});

test('many releases are changed at once, after a preview', async () => {
  const small = buildChart('small', {
    'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
  }).bytes;
  for (const name of ['one', 'two']) {
    await api.mustInstall({ namespace, body: { name, releaseLabels: { tier: 'bulk' } }, archive: small });
  }
  const query = { namespace, labelselector: 'tier in (bulk)' };
  const outcomes = (answer: { body: unknown }) =>
    (answer.body as { items: { name: string; outcome: string }[] }).items.map(
      ({ name, outcome }) => `${name} ${outcome}`,
    );
  const preview = await post('/api/v1/bulk/pause', { query: { ...query, dryrun: true } });
  expect(outcomes(preview)).toEqual(['one planned', 'two planned']);
  expect(problemOf(await post('/api/v1/bulk/pause', { query: { ...query, limit: 1 } }))).toMatchObject({
    code: 'TOO_MANY_RELEASES',
    details: { num: 2, limit: 1 },
  });
  expect(outcomes(await post('/api/v1/bulk/pause', { query }))).toEqual(['one done', 'two done']);
  expect(outcomes(await post('/api/v1/bulk/pause', { query }))).toEqual(['one unchanged', 'two unchanged']);
  const accepted = await post('/api/v1/bulk/delete', { query: { ...query, async: true } });
  expect([accepted.status, outcomes(accepted)]).toEqual([202, ['one accepted', 'two accepted']]);
  await eventually(async () => expect((await api.get(namespace, 'two')).status).toBe(404));
  expect((await post('/api/v1/bulk/frobnicate', { query })).status).toBe(400);
});

test('a release that does not exist is refused in the words of the original', async () => {
  for (const verb of ['pause', 'recover', 'adopt', 'detach']) {
    const answer = await post(`/api/v1/release/${namespace}/name/nope/${verb}`);
    expect([answer.status, problemOf(answer).errMessage]).toEqual([
      404,
      `failed to ${verb} release nope: release nope is not found`,
    ]);
  }
});

test('a change of labels renders nothing either, and leaves alone what was scaled by hand', async () => {
  const before = (await api.get(namespace, 'app')).body.version;
  const scale = `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale`;
  await kube.call('PATCH', scale, { spec: { replicas: 5 } }, 'application/merge-patch+json');
  const labelled = await api.upgrade({ namespace, body: { name: 'app', releaseLabels: { team: 'a', tier: '' } } });
  expect(labelled.status, labelled.text).toBe(200);
  const { body } = await api.get(namespace, 'app');
  expect(body).toMatchObject({ version: before + 1, releaseLabels: { team: 'a' } });
  const texts = [await manifest(namespace, 'app', before), await manifest(namespace, 'app', before + 1)];
  expect(withoutReleaseConfig(texts[1] ?? '')).toEqual(withoutReleaseConfig(texts[0] ?? ''));
  const web = await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/web`);
  expect(web?.['spec']).toMatchObject({ replicas: 5 });
  expect(await helm.run('history', 'app', '-n', namespace)).toMatch(/deployed .*relabelled/);
});
