import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ReleaseInfoList } from '../../contract/schemas/release.ts';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';

const { kubeconfig, server, starter } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const [first, second] = ['lists-a', 'lists-b'];
const archive = folderChart(starter).bytes;
const both = { namespaces: `${first},${second}` };

const install = (namespace: string, name: string) => api.mustInstall({ namespace, body: { name }, archive });
const keysOf = ({ items }: ReleaseInfoList) => items.map(({ namespace, name }) => `${namespace}/${name}`);

beforeAll(async () => {
  await createNamespace(kube, first);
  await createNamespace(kube, second);
  await install(first, 'one');
  await install(first, 'two');
  await install(second, 'one');
  await eventually(async () => {
    const { body } = await api.list(undefined, { ...both, phase: 'ready' });
    if (body.total !== 3) throw new Error(`${body.total} of 3 releases are ready`);
  });
});
afterAll(() => kube.close());

test('a release says in every view how it is doing', async () => {
  const { body: full } = await api.get(first, 'one');
  const state = {
    phase: 'ready',
    reason: '',
    project: '',
    dependency: null,
    newerVersion: null,
    pods: { ready: 1, total: 1 },
    updated: expect.stringMatching(/^\d{4}-.*Z$/),
    sequence: expect.any(Number),
  };
  expect(full).toMatchObject(state);
  expect(full.objects.ready).toBe(full.objects.total);
  expect(full.objects.total).toBeGreaterThan(0);
  const summary = await api.send('GET', `/api/v1/release/${first}/name/one`, { query: { view: 'summary' } });
  expect(summary.body).toMatchObject({ ...state, releaseStatus: null, computedValues: null, notes: '' });
  const names = await api.send('GET', `/api/v1/release/${first}/name/one`, { query: { view: 'names' } });
  expect(names.body).toEqual({ namespace: first, name: 'one' });
});

test('a list comes in pages in the order that is asked for', async () => {
  const query = { ...both, sort: '-name', view: 'names', limit: 2 };
  const page = await api.list(undefined, query);
  expect(keysOf(page.body)).toEqual([`${first}/two`, `${first}/one`]);
  const next = await api.list(undefined, { ...query, continue: page.body.continue });
  expect(keysOf(next.body)).toEqual([`${second}/one`]);
  expect(next.body).toMatchObject({ num: 1, total: 3 });
  expect(next.body.continue).toBeUndefined();
});

test('facets count what the other filters let through', async () => {
  const { body } = await api.list(undefined, { ...both, namespaces: first, q: 'lists-', facets: true, limit: 1 });
  expect(body.facets?.namespace.values).toEqual([
    { value: first, count: 2 },
    { value: second, count: 1 },
  ]);
  expect(body.facets?.phase.values).toEqual([{ value: 'ready', count: 2 }]);
});

test('hostile queries are refused with what is wrong', async () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `n${at}`).join(',');
  const page = await api.list(first, { limit: 1 });
  for (const query of [
    { namespaces: many },
    { continue: 'A'.repeat(8_000) },
    { continue: 'nonsense' },
    { continue: page.body.continue },
    { phase: 'deleted' },
    { sort: 'secret' },
  ]) {
    const answer = await api.list(undefined, query);
    expect([answer.status, problemOf(answer)?.code]).toEqual([400, 'QUERY_INVALID']);
  }
  // The connection may be closed before all of it is sent.
  const huge = await api.list(undefined, { continue: 'A'.repeat(4_000_000) }).catch(() => null);
  expect(huge?.status ?? 431).toBe(431);
  expect((await api.list(first)).body.total).toBe(2);
});

test('who lists, and then follows the events from there, misses nothing', async () => {
  const { headers, body } = await api.list(second);
  const listed = keysOf(body);
  await install(second, 'late');
  const stopping = new AbortController();
  const stream = await fetch(`${server}/api/v1/events?namespace=${second}&type=release`, {
    headers: { 'last-event-id': headers.get('walm-event-id') ?? '' },
    signal: stopping.signal,
  });
  let text = '';
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes('"name":"late"')) text += (await reader?.read())?.value ?? '';
  expect(text).not.toContain('event: reset');
  expect(listed).not.toContain(`${second}/late`);
  stopping.abort();
});

test('a stream that cannot go on tells the present state, and where it ends', async () => {
  const stopping = new AbortController();
  const stream = await fetch(`${server}/api/v1/events?namespace=${first}`, {
    headers: { 'last-event-id': 'another-7' },
    signal: stopping.signal,
  });
  let text = '';
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes('event: synced')) text += (await reader?.read())?.value ?? '';
  expect(text).toMatch(/id: \S+-reset\nevent: reset\n/);
  expect(text).toContain('"name":"one"');
  expect(text).toMatch(/id: \S+-\d+\nevent: synced\n/);
  stopping.abort();
});

test('tasks are found by operation and time', async () => {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const list = (query: Record<string, string>) =>
    api.send('GET', '/api/v1/task', { query: { namespace: first, ...query } });
  expect((await list({ operation: 'install', since })).body).toMatchObject({ total: 2 });
  expect((await list({ operation: 'delete', since })).body).toMatchObject({ total: 0 });
  expect((await list({ until: since })).body).toMatchObject({ total: 0 });
  expect((await list({ since: 'yesterday' })).status).toBe(400);
});
