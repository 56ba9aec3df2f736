import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { createClient } from '../../contract/client.ts';
import { fixtureChart, folderChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { type KafkaBroker, startKafkaBroker } from '../harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../harness/programs/kafka-consumer.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A server that leads by itself, and publishes to its own broker. */
const { kubeconfig, starter } = inject('surroundings');
const chart = folderChart(starter).bytes;
const namespace = 'events';

let broker: KafkaBroker;
let reader: KafkaReader;
let kube: KubeClient;
let server: WalmServer;
let api: WalmApi;

const flags = () => [
  '--kubernetes-system-namespace=walm-events',
  '--kafka-config-enable=true',
  `--kafka-config-brokers=${broker.address}`,
  '--events-resend-sec=5',
];

beforeAll(async () => {
  broker = await startKafkaBroker();
  reader = await readKafka(broker.address, ['release-config', 'release-status']);
  kube = createKubeClient(kubeconfig);
  await createNamespace(kube, namespace);
  server = await startWalmServer({ kubeconfig, flags: flags() });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  await reader?.close();
  await broker?.stop();
  kube?.close();
});

type ConfigEvent = { type: string; data: { name: string; configValues: Record<string, unknown> | null } };
type StatusEvent = { name: string; phase: string; ready: boolean; sequence: number };

function published<T>(topic: string, name: string, from: KafkaReader = reader): T[] {
  return from
    .records(topic)
    .filter(({ key }) => key === `${namespace}/${name}`)
    .map(({ value }) => JSON.parse(value) as T);
}

const configs = (name: string, from?: KafkaReader) => published<ConfigEvent>('release-config', name, from);
const statuses = (name: string) => published<StatusEvent>('release-status', name);

/** Collects a stream's text until `end` is called. */
function collect(query: Record<string, string>, lastEventId?: string) {
  const stop = new AbortController();
  let text = '';
  let type = '';
  const ended = (async () => {
    const url = new URL('/api/v1/events', server.url);
    Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const answer = await fetch(url, { signal: stop.signal, headers });
    type = answer.headers.get('content-type') ?? '';
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) text += piece;
  })().catch(() => undefined);
  return {
    text: () => text,
    type: () => type,
    async end() {
      stop.abort();
      await ended;
    },
  };
}

describe('events of a release', () => {
  test('go to Kafka and to streams, from its install to its end', async () => {
    const all = collect({ namespace });
    const tasks = collect({ namespace, release: 'web', type: 'task' });
    await eventually(() => expect(all.text()).toContain('retry:'));
    expect(all.type()).toBe('text/event-stream');
    await api.mustInstall({ namespace, body: { name: 'web', configValues: { replicaCount: 2 } }, archive: chart });
    await eventually(() => expect(statuses('web').at(-1)).toMatchObject({ phase: 'ready', ready: true }));
    expect(configs('web')[0]).toMatchObject({
      type: 'CreateOrUpdate',
      data: { name: 'web', namespace, kind: 'ReleaseConfig', configValues: { replicaCount: 2 }, chartName: 'starter' },
    });
    await api.remove(namespace, 'web');
    await eventually(() =>
      expect(configs('web').at(-1)).toMatchObject({ type: 'Delete', data: { configValues: null } }),
    );
    await eventually(() => expect(statuses('web').at(-1)).toMatchObject({ phase: 'deleted' }));
    const sequences = statuses('web').map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));

    await eventually(() => expect(all.text()).toContain('"phase":"deleted"'));
    expect(all.text()).toContain('"phase":"ready"');
    expect(tasks.text()).toContain('event: task');
    expect(tasks.text()).not.toContain('event: release');
    const ids = [...all.text().matchAll(/^id: (.+)$/gm)].map(([, id = '']) => id);
    const again = collect({ namespace }, ids[0]);
    await eventually(() => expect(again.text().match(/^id: /gm)).toHaveLength(ids.length - 1));
    await Promise.all([all.end(), tasks.end(), again.end()]);
  });

  test('are sent again and again, so that a consumer that starts late knows everything', async () => {
    await api.mustInstall({ namespace, body: { name: 'quiet' }, archive: chart });
    await eventually(() => expect(statuses('quiet').at(-1)).toMatchObject({ ready: true }));
    const seen = configs('quiet').length;
    await eventually(() => expect(configs('quiet').length).toBeGreaterThan(seen));
    const late = await readKafka(broker.address, ['release-config']);
    await eventually(() => expect(configs('quiet', late).at(-1)).toMatchObject({ type: 'CreateOrUpdate' }));
    await late.close();
  });

  test('tell the latest state after the broker was away and the server was killed meanwhile', async () => {
    await broker.kill();
    const order = { namespace, body: { name: 'unheard', configValues: { replicaCount: 1 } }, archive: chart };
    await api.mustInstall(order);
    await api.mustInstall({ namespace, body: { name: 'short-lived' }, archive: chart });
    await server.kill();
    server = await startWalmServer({ kubeconfig, flags: flags(), after: server });
    api = createWalmApi(server.url);
    await api.remove(namespace, 'quiet');
    await broker.restart();
    await reader.close();
    reader = await readKafka(broker.address, ['release-config', 'release-status']);
    await eventually(() => expect(statuses('unheard').at(-1)).toMatchObject({ ready: true }));
    await eventually(() => expect(configs('short-lived').at(-1)).toMatchObject({ type: 'CreateOrUpdate' }));
    await eventually(() => expect(configs('quiet').at(-1)).toMatchObject({ type: 'Delete' }));
  });
});

test('the typed client follows the events without a gap', async () => {
  const stop = new AbortController();
  const client = createClient(server.url);
  await api.mustInstall({ namespace, body: { name: 'followed' }, archive: chart });
  const seen: string[] = [];
  // The log has no such id: the present state of every release follows.
  for await (const event of client.events({ query: { namespace }, lastEventId: 'earlier-1', signal: stop.signal })) {
    seen.push(event.type);
    if (event.type === 'release' && event.data.name === 'followed' && event.data.ready) {
      stop.abort();
    }
  }
  expect(seen[0]).toBe('reset');
  await client.deleteRelease({ path: { namespace, release: 'followed' } });
});

test('the typed client hands a stream over as it comes', async () => {
  const stop = new AbortController();
  const { body } = await createClient(server.url).streamEvents({ query: { namespace }, signal: stop.signal });
  const { value } = await body.getReader().read();
  expect(value).toContain('retry:');
  stop.abort();
});

test('an event type that does not exist is refused', async () => {
  const answer = await api.send('GET', '/api/v1/events', { query: { type: 'nonsense' } });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 'QUERY_INVALID' });
});

test('no secret value reaches the bus', async () => {
  const secret = 'canary-of-events';
  const configValues = { database: { user: 'reader', password: secret } };
  await api.mustInstall({ namespace, body: { name: 'hidden', configValues }, archive: fixtureChart('schema').bytes });
  const [event] = await eventually(() => {
    expect(configs('hidden')).not.toEqual([]);
    return configs('hidden');
  });
  expect(event?.data.configValues).toEqual({ database: { user: 'reader', password: '***' } });
  expect(JSON.stringify([configs('hidden'), statuses('hidden')])).not.toContain(secret);
});
