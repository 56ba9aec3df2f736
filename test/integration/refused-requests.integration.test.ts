import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { addedSince, takeSnapshot } from '../harness/clients/cluster-snapshot.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, chartForm, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'refused-requests';
const path = `/api/v1/release/${namespace}`;
const archive = buildChart('good', {
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
}).bytes;
let before: Set<string>;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  before = await takeSnapshot(kube, namespace);
});
afterAll(() => kube.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const chart = { name: 'app', chartName: 'umbrella' };

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
  query = {},
): Promise<ApiAnswer> {
  return api.send('POST', path, { body, headers, query });
}

function expectProblem(answer: ApiAnswer, status: number | number[], code: RegExp): void {
  const problem = problemOf(answer);
  expect(problem.code, answer.text.slice(0, 500)).toMatch(code);
  expect([status].flat(), answer.text.slice(0, 500)).toContain(answer.status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
  expect(answer.text).not.toMatch(/goroutine|at .*\.ts:\d+|node_modules/);
}

test.each([
  ['nothing', ''],
  ['half a document', '{"name": "app", "chartName"'],
  ['text', 'name=app'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
])('a body of %s is a 400', async (_what, body) => {
  expectProblem(await post(body), 400, /^BODY_MALFORMED$/);
});

test.each([
  ['a list', []],
  ['a text', 'app'],
  ['null', null],
  ['no name', { chartName: 'umbrella' }],
  ['an empty name', { ...chart, name: '' }],
  ['a name of the wrong type', { ...chart, name: 7 }],
  ['an upper-case name', { ...chart, name: 'App' }],
  ['a name with a path', { ...chart, name: '../app' }],
  ['a name of 54 letters', { ...chart, name: 'a'.repeat(54) }],
  ['no chart', { name: 'app' }],
  ['values that are a list', { ...chart, configValues: [1] }],
  ['values that are a text', { ...chart, configValues: 'replicas: 1' }],
  ['labels of the wrong type', { ...chart, releaseLabels: { a: { b: 1 } } }],
  ['a label that is none', { ...chart, releaseLabels: { 'not a label!': 'x' } }],
  ['a reserved label', { ...chart, releaseLabels: { 'Project-Name': 'x' } }],
  ['dependencies of the wrong type', { ...chart, dependencies: ['zookeeper'] }],
  ['a dependency with too many slashes', { ...chart, dependencies: { zookeeper: 'a/b/c' } }],
  ['plugins of the wrong type', { ...chart, plugins: { name: 'LabelPod' } }],
  ['a plugin twice', { ...chart, plugins: [{ name: 'LabelPod' }, { name: 'labelpod' }] }],
  ['a chart image that is none', { name: 'app', chartImage: 'not an image!' }],
  ['a version of the wrong type', { ...chart, chartVersion: 2 }],
  ['a version that is none', { ...chart, chartVersion: 'newest please' }],
])('a body with %s is a 4xx that says where', async (_what, body) => {
  expectProblem(await post(JSON.stringify(body)), [400, 404, 422], /^[A-Z_]+$/);
});

test('all errors of a body are reported at once, with JSON pointers', async () => {
  const answer = await post(JSON.stringify({ name: 7, configValues: [], releaseLabels: 'x' }));
  const text = JSON.stringify(problemOf(answer).details);
  for (const pointer of ['/name', '/configValues', '/releaseLabels']) expect(text).toContain(pointer);
});

test('what does not exist is a 404 that names it', async () => {
  const unknownChart = await post(JSON.stringify({ name: 'app', chartName: 'no-such-chart' }));
  expectProblem(unknownChart, 404, /^CHART_/);
  expect(problemOf(unknownChart).errMessage).toContain('no-such-chart');
  const unknownVersion = await post(JSON.stringify({ ...chart, chartVersion: '99.0.0' }));
  expectProblem(unknownVersion, 404, /^CHART_/);
  const unknownRepository = await post(JSON.stringify({ ...chart, repoName: 'no-such-repo' }));
  expectProblem(unknownRepository, 404, /^REPOSITORY_/);
  const { registry } = inject('surroundings');
  const unknownImage = await post(
    JSON.stringify({ name: 'app', chartImage: `${registry}/charts/no-such-image:1.0.0` }),
  );
  expectProblem(unknownImage, 404, /^(CHART|REGISTRY)_/);
});

test('a registry that does not answer, and one that must not be asked', async () => {
  const nobody = await post(JSON.stringify({ name: 'app', chartImage: '127.0.0.1:1/charts/x:1' }));
  expectProblem(nobody, [422, 502, 503, 504], /^REGISTRY_/);
  const metadata = await post(JSON.stringify({ name: 'app', chartImage: '169.254.169.254/charts/x:1' }));
  expectProblem(metadata, 422, /^ADDRESS_REFUSED$/);
});

test('open ports at an address that a caller names are not revealed', async () => {
  const answers: Record<string, [number, string, string]> = {
    page: [404, 'text/html', '<html>'],
    api: [404, 'application/json', '{"kind":"Status","code":404}'],
    login: [401, 'application/json', '{}'],
    file: [200, 'text/plain', 'ok'],
  };
  const places = createServer((request, response) => {
    const [status, type, body] = answers[(request.url ?? '').split('/')[2] ?? ''] ?? [500, '', ''];
    response.writeHead(status, {
      'content-type': type,
      ...(status === 401 && { 'www-authenticate': 'Basic realm=x' }),
    });
    response.end(body);
  });
  places.listen(0, '127.0.0.1');
  await once(places, 'listening');
  const { port } = places.address() as AddressInfo;
  const told = async (host: string, name: string) => {
    const answer = await post(JSON.stringify({ name: 'app', chartImage: `${host}/${name}:1` }));
    const { code, errMessage } = problemOf(answer);
    return [answer.status, code, errMessage?.replaceAll(host, 'HOST').replaceAll('https:', 'http:')];
  };
  for (const name of Object.keys(answers)) {
    expect(await told(`127.0.0.1:${port}`, name), name).toEqual(await told('127.0.0.1:1', name));
  }
  places.close();
});

test('bodies beyond the limits are refused', async () => {
  const large = await post(JSON.stringify({ ...chart, configValues: { x: 'y'.repeat(5 * 1024 * 1024) } }));
  expectProblem(large, 413, /^BODY_TOO_LARGE$/);
  const deep = await post(
    `{"name":"app","chartName":"umbrella","configValues":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
  );
  expectProblem(deep, [400, 422], /^(BODY_MALFORMED|REQUEST_INVALID)$/);
});

test('content types and forms', async () => {
  expectProblem(await post('{}', { 'content-type': 'text/plain' }), 415, /^CONTENT_TYPE_UNSUPPORTED$/);
  expectProblem(
    await post('{}', { 'content-type': 'multipart/form-data' }),
    [400, 415],
    /^(BODY_MALFORMED|CONTENT_TYPE_UNSUPPORTED)$/,
  );
  const send = (body: string | FormData, headers?: Record<string, string>) =>
    api.send('POST', `${path}/withchart`, { body, ...(headers && { headers }) });
  expectProblem(await send('{}', JSON_TYPE), 415, /^CONTENT_TYPE_UNSUPPORTED$/);
  expectProblem(await send('garbage', { 'content-type': 'multipart/form-data; boundary=x' }), 400, /^BODY_MALFORMED$/);

  const without = (part: string) => {
    const form = chartForm({ name: 'app' }, archive);
    form.delete(part);
    return form;
  };
  expectProblem(await send(without('chart')), 400, /^CHART_ARCHIVE_MISSING$/);
  const badBody = chartForm({ name: 'app' }, archive);
  badBody.set('body', '{');
  expectProblem(await send(badBody), 400, /^BODY_MALFORMED$/);
  const twoCharts = chartForm({ name: 'app' }, archive);
  twoCharts.append('chart', new Blob(['x']), 'second.tgz');
  expectProblem(await send(twoCharts), [400, 422], /^[A-Z_]+$/);
  const nameless = new FormData();
  nameless.set('chart', new Blob([new Uint8Array(archive)]), 'x.tgz');
  expectProblem(await send(nameless), [400, 422], /^[A-Z_]+$/);
});

test.each([
  ['async', 'maybe'],
  ['timeoutSec', '-1'],
  ['timeoutSec', 'soon'],
  ['createNamespace', '7'],
  ['crds', 'sometimes'],
])('the query %s=%s is a 400', async (name, value) => {
  expectProblem(await post(JSON.stringify(chart), JSON_TYPE, { [name]: value }), 400, /^QUERY_INVALID$/);
});

test('lists and single releases refuse bad input', async () => {
  expectProblem(await api.list(namespace, { labelselector: '!!=' }), 400, /^QUERY_INVALID$/);
  expectProblem(await api.list(namespace, { limit: -1 }), 400, /^QUERY_INVALID$/);
  expectProblem(await api.get(namespace, 'nobody'), 404, /^RELEASE_NOT_FOUND$/);
  expectProblem(await api.remove(namespace, 'nobody'), 404, /^RELEASE_NOT_FOUND$/);
  expect((await api.remove(namespace, 'nobody', { ignoreNotFound: true })).status).toBe(200);
  expectProblem(await api.task('no-such-task'), 404, /^TASK_NOT_FOUND$/);
  expectProblem(await api.send('GET', '/api/v1/nothing'), 404, /^ROUTE_NOT_FOUND$/);
  expectProblem(await api.send('PATCH', '/api/v1/release'), [404, 405], /^(METHOD_NOT_ALLOWED|ROUTE_NOT_FOUND)$/);
  expectProblem(await api.send('GET', `/api/v1/release/${'x'.repeat(300)}`), [400, 404, 422], /^[A-Z_]+$/);
});

test('unknown fields are a warning, and with strict=true an error', async () => {
  const body = { name: 'app', chartNmae: 'x', ConfigValues: { own: { size: 0 } } };
  const strict = await api.install({ namespace, body, archive, query: { strict: true } });
  expectProblem(strict, 422, /^[A-Z_]+$/);
  const lenient = await api.install({ namespace, body, archive });
  expect(lenient.status, lenient.text).toBe(200);
  expect(JSON.stringify(lenient.body)).toContain('chartNmae');
  expect((await api.get(namespace, 'app')).body.configValues).toEqual({ own: { size: 0 } });
  expect((await api.remove(namespace, 'app')).status).toBe(200);
});

test('afterwards the server serves and nothing was left behind', async () => {
  expect((await api.send('GET', '/readiness')).status).toBe(200);
  expect(addedSince(before, await takeSnapshot(kube, namespace))).toEqual([]);
});
