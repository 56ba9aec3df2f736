import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ClusterClaim } from '../../contract/schemas/cluster/claim.ts';
import type { ClusterNode, ClusterNodeList } from '../../contract/schemas/cluster/node.ts';
import type { ClusterEventList, ClusterPod, ClusterPodList } from '../../contract/schemas/cluster/pod.ts';
import type { ClusterSecret, ClusterSecretList } from '../../contract/schemas/cluster/secret.ts';
import type { ReleaseEventList, ReleaseObject } from '../../contract/schemas/cluster/release-object.ts';
import type { StorageClassList } from '../../contract/schemas/cluster/storage-class.ts';
import type { Tenant, TenantList } from '../../contract/schemas/cluster/tenant.ts';
import type { PastEventList } from '../../contract/schemas/event.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow, allowEverywhere, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [namespace, system] = ['reads', 'walm-reads'] as const;
const folder = mkdtempSync(join(tmpdir(), 'walm-reads-'));
const auditFile = join(folder, 'audit.jsonl');
const HIDDEN = 'very-hidden-word';

/** Two pods with a claim each, and a secret value in an annotation. */
const chart = buildChart('stateful', {
  'values.schema.json': '{"properties": {"word": {"type": "string", "writeOnly": true}}}',
  'templates/set.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  serviceName: none
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}, annotations: {note: "{{ .Values.word }}"}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1
          resources: {requests: {cpu: 250m, memory: 64Mi}}
          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {storageClassName: silver, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
}).bytes;

const tokens: Record<string, string> = {};
let server: WalmServer;
let admin: WalmApi;
let reader: WalmApi;

const ask = async <Body>(api: WalmApi, path: string, query = {}): Promise<Body> => {
  const { status, body, text } = await api.send('GET', `/api/v1/${path}`, { query });
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body as Body;
};

beforeAll(async () => {
  await Promise.all([namespace, system].map((name) => createNamespace(kube, name)));
  const [adminToken, readerToken] = await Promise.all(
    ['admin', 'reader'].map((name) => serviceAccountToken(kube, { namespace, name })),
  );
  await allowEverywhere(kube, { namespace, name: 'admin' }, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const named = { apiGroups: [''], resources: ['secrets', 'pods'], resourceNames: ['mine', 'web-0'], verbs: ['get'] };
  const claims = { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'list'] };
  await allow(kube, { namespace, name: 'reader' }, namespace, [named, claims]);
  await kube.create(`/api/v1/namespaces/${namespace}/secrets`, {
    metadata: { name: 'mine', labels: { tier: 'web' } },
    stringData: { user: 'ann', word: 'shown' },
  });
  await kube.create(`/api/v1/namespaces/${namespace}/resourcequotas`, {
    metadata: { name: 'small' },
    spec: { hard: { pods: '10', 'requests.cpu': '4', 'count/services': '5' } },
  });
  server = await startWalmServer({
    kubeconfig,
    flags: ['--auth-mode=kubernetes', `--kubernetes-system-namespace=${system}`, `--audit-file=${auditFile}`],
  });
  Object.assign(tokens, { admin: adminToken });
  admin = createWalmApi(server.url, adminToken);
  reader = createWalmApi(server.url, readerToken);
  await admin.mustInstall({ namespace, body: { name: 'web', configValues: { word: HIDDEN } }, archive: chart });
  await eventually(async () => {
    const { items } = await ask<ClusterPodList>(admin, `pod/${namespace}`, { release: 'web' });
    if (items.filter(({ state }) => state.status === 'Ready').length < 2) throw new Error(JSON.stringify(items));
  });
});
afterAll(async () => {
  await server?.stop();
  kube.close();
  rmSync(folder, { recursive: true });
});

test('pods have their node and their release, and no secret of it', async () => {
  const pod = await ask<ClusterPod>(admin, `pod/${namespace}/name/web-0`);
  expect(pod).toMatchObject({ release: 'web', phase: 'Running', annotations: { note: '***' } });
  const { items } = await ask<ClusterPodList>(admin, `pod/${namespace}`, { node: pod.node, q: 'web-0', sort: '-name' });
  expect(items.map(({ name }) => name)).toEqual(['web-0']);
  const page = await ask<ClusterPodList>(admin, `pod/${namespace}`, { release: 'web', limit: 1 });
  const rest = await ask<ClusterPodList>(admin, `pod/${namespace}`, { release: 'web', continue: page.continue });
  expect([page.total, page.items[0]?.name, rest.items.map(({ name }) => name)]).toEqual([2, 'web-0', ['web-1']]);
  const none = await admin.send('GET', `/api/v1/pod/${namespace}/name/none`);
  expect([none.status, problemOf(none).code]).toEqual([404, 'POD_NOT_FOUND']);
});

test('events of a pod are those of Kubernetes, the newest last', async () => {
  const { metadata } = (await kube.find(`/api/v1/namespaces/${namespace}/pods/web-1`))!;
  const about = { kind: 'Pod', namespace, name: 'web-1', uid: metadata.uid };
  const event = (name: string, more: object) =>
    kube.create(`/api/v1/namespaces/${namespace}/events`, {
      metadata: { name, namespace },
      involvedObject: about,
      type: 'Warning',
      source: { component: 'kubelet', host: 'sandbox-0' },
      ...more,
    });
  await event('second', {
    reason: 'BackOff',
    message: `of ${HIDDEN}`,
    count: 7,
    lastTimestamp: '2099-01-01T00:00:02Z',
  });
  await event('first', { reason: 'Killing', message: 'it ends', count: 1, lastTimestamp: '2099-01-01T00:00:01Z' });
  const { events } = await ask<ClusterEventList>(admin, `pod/${namespace}/name/web-1/events`);
  expect(events.slice(-2)).toMatchObject([
    { reason: 'Killing', from: 'kubelet, sandbox-0', count: 1 },
    { reason: 'BackOff', message: 'of ***', count: 7, lastTimestamp: '2099-01-01T00:00:02Z' },
  ]);
});

test('events of a release are those of its objects and pods', async () => {
  const { events } = await ask<ReleaseEventList>(admin, `release/${namespace}/name/web/events`, { limit: 1000 });
  expect(events.at(-1)).toMatchObject({
    object: { kind: 'Pod', name: 'web-1' },
    reason: 'BackOff',
    message: 'of ***',
    count: 7,
  });
  expect(events.some(({ object }) => object.kind === 'StatefulSet')).toBe(true);
  const refused = await reader.send('GET', `/api/v1/release/${namespace}/name/web/events`);
  expect([refused.status, problemOf(refused).code]).toEqual([403, 'FORBIDDEN']);
});

test('an object of a release is shown as it is in the cluster, without secrets', async () => {
  const path = `release/${namespace}/name/web/object`;
  const { object, ...shown } = await ask<ReleaseObject>(admin, path, { kind: 'StatefulSet', name: 'web' });
  expect(shown).toEqual({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: 'web' });
  expect(object).toMatchObject({
    metadata: { uid: expect.any(String) },
    spec: { template: { metadata: { annotations: { note: '***' } } } },
    status: { replicas: 2 },
  });
  expect(JSON.stringify(object)).not.toMatch(new RegExp(`${HIDDEN}|managedFields`));
  const refusalOf = async (query: Record<string, string>) => {
    const answer = await admin.send('GET', `/api/v1/${path}`, { query });
    return [answer.status, problemOf(answer).code];
  };
  expect(await refusalOf({ kind: 'Pod', name: 'web-0' })).toEqual([404, 'OBJECT_NOT_FOUND']);
  expect(await refusalOf({ kind: 'StatefulSet' })).toEqual([400, 'QUERY_INVALID']);
});

test('the chart of a release is the archive that it was installed from', async () => {
  const path = `/api/v1/release/${namespace}/name/web/chart`;
  const headers = { authorization: `Bearer ${tokens.admin}` };
  const answer = await fetch(`${server.url}${path}`, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/gzip']);
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(chart))).toBe(true);
  const etag = answer.headers.get('etag') ?? '';
  const again = await fetch(`${server.url}${path}`, { headers: { ...headers, 'if-none-match': etag } });
  expect(again.status).toBe(304);
});

test('past changes are listed, the newest first', async () => {
  const query = { namespace, release: 'web', type: 'release' };
  const first = await ask<PastEventList>(admin, 'events/past', { ...query, limit: 1 });
  expect(first.items).toMatchObject([{ type: 'release', data: { namespace, name: 'web' } }]);
  expect(first.continue).toBe(first.items[0]?.id);
  const rest = await ask<PastEventList>(admin, 'events/past', { ...query, before: first.continue });
  expect(rest.num).toBeGreaterThan(0);
  expect(rest.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
});

test('logs are read whole, or as text', async () => {
  const path = `/api/v1/pod/${namespace}/name/web-0/logs`;
  const whole = await admin.send('GET', path);
  expect([whole.status, whole.headers.get('walm-container')]).toEqual([200, 'web']);
  expect(whole.body).toMatch(/^container web of pod reads\/web-0 started on node .*\n/);
  const text = await admin.send('GET', path, { query: { limitBytes: 13 }, headers: { accept: 'text/plain' } });
  expect([text.headers.get('content-type'), text.text]).toEqual(['text/plain; charset=utf-8', 'container web']);
  const none = await admin.send('GET', path, { query: { container: 'none' } });
  expect([none.status, problemOf(none).code]).toEqual([404, 'CONTAINER_NOT_FOUND']);
  const before = await admin.send('GET', path, { query: { previous: true } });
  expect([before.status, problemOf(before).code]).toEqual([409, 'CONTAINER_WAITING']);
  const refused = await reader.send('GET', path);
  expect([refused.status, problemOf(refused).code]).toEqual([403, 'FORBIDDEN']);
});

test('a log that is followed goes on, until its reader goes', async () => {
  const stop = new AbortController();
  const address = `${server.url}/api/v1/pod/${namespace}/name/web-0/logs?follow=true&tail=1`;
  const { status, body } = await fetch(address, {
    headers: { authorization: `Bearer ${tokens.admin}` },
    signal: stop.signal,
  });
  expect(status).toBe(200);
  let text = '';
  for await (const piece of body ?? []) {
    text += Buffer.from(piece).toString();
    if (text.split('\n').length > 3) break;
  }
  stop.abort();
  expect(text).toMatch(/running for \d+s\ncontainer web has been running for/);
});

test('nodes say what is taken of them', async () => {
  const { items } = await ask<ClusterNodeList>(admin, 'node', { sort: '-cpu' });
  const taken = items.map(({ unifyUnitResourceInfo: { requestsAllocated } }) => requestsAllocated?.cpu ?? 0);
  expect(taken).toEqual(taken.toSorted((a, b) => b - a));
  const { node } = await ask<ClusterPod>(admin, `pod/${namespace}/name/web-0`);
  await eventually(async () => {
    const shown = await ask<ClusterNode>(admin, `node/${node}`);
    const pods = (await kube.list('/api/v1/pods')) as unknown as {
      spec: { nodeName: string };
      status: { phase: string };
    }[];
    const there = pods.filter(({ spec, status }) => spec.nodeName === node && !/Succeeded|Failed/.test(status.phase));
    expect(shown.pods.running).toBe(there.length);
    expect(shown.unifyUnitResourceInfo.requestsAllocated?.cpu).toBeGreaterThanOrEqual(0.25);
    expect(shown).toMatchObject({ state: { status: 'Ready' }, kubeletVersion: expect.any(String) });
  });
});

test('claims say who uses them, to who may know it', async () => {
  const claim = await ask<ClusterClaim>(admin, `pvc/${namespace}/name/data-web-0`);
  expect(claim).toMatchObject({ release: 'web', requested: '1Gi', storageClass: 'silver', usedBy: ['web-0'] });
  expect(await ask<ClusterClaim>(reader, `pvc/${namespace}/name/data-web-0`)).toMatchObject({ usedBy: null });
});

test('Secrets are shown to who may get them, and that is written down', async () => {
  const list = await ask<ClusterSecretList>(admin, `secret/${namespace}`, { labelselector: 'tier=web' });
  expect(list.items).toMatchObject([{ name: 'mine', data: { user: '***', word: '***' } }]);
  const every = await ask<ClusterSecretList>(admin, `secret/${namespace}`, { internal: true });
  const record = every.items.find(({ type }) => type === 'helm.sh/release.v1');
  expect(record?.data).toEqual({ release: '***' });
  expect((await ask<ClusterSecret>(admin, `secret/${namespace}/name/${record?.name}`)).data).toEqual({
    release: '***',
  });

  const shown = await reader.send('GET', `/api/v1/secret/${namespace}/name/mine`, {
    headers: { 'accept-encoding': 'gzip' },
  });
  expect((shown.body as ClusterSecret).data).toEqual({ user: 'ann', word: 'shown' });
  expect([shown.headers.get('content-encoding'), shown.headers.get('cache-control')]).toEqual([null, 'no-store']);
  const refused = await reader.send('GET', `/api/v1/secret/${namespace}/name/${record?.name}`);
  expect([refused.status, problemOf(refused).code]).toEqual([403, 'FORBIDDEN']);
  const lines = () =>
    readFileSync(auditFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
  await eventually(() => {
    const reads = lines().filter((line) => 'what' in line && line.what === 'getSecret');
    expect(reads).toContainEqual(
      expect.objectContaining({
        who: `system:serviceaccount:${namespace}:reader`,
        secret: 'mine',
        result: 'succeeded',
      }),
    );
    expect(reads).toContainEqual(expect.objectContaining({ secret: record?.name, result: 'refused' }));
  });
});

test("Walm's own Secrets are shown to nobody", async () => {
  for (const path of [`secret/${system}`, `secret/${system}/name/walm-seal-key`]) {
    const answer = await admin.send('GET', `/api/v1/${path}`);
    expect([answer.status, problemOf(answer).code]).toEqual([422, 'NAMESPACE_RESERVED']);
  }
});

test('storage classes and tenants are those of the cluster', async () => {
  const classes = await ask<StorageClassList>(admin, 'storageclass');
  expect(classes.items.find(({ isDefault }) => isDefault)?.name).toBe('standard');
  await eventually(async () => {
    const tenant = await ask<Tenant>(admin, `tenant/${namespace}`);
    expect(tenant).toMatchObject({
      tenantStatus: 'Active',
      tenantQuotas: [
        { quotaName: 'small', hard: { pods: '10' }, used: { pods: '2' }, others: { 'count/services': {} } },
      ],
    });
    const { items } = await ask<TenantList>(admin, 'tenant', { q: namespace });
    expect(items.map(({ tenantName }) => tenantName)).toContain(namespace);
  });
  const refused = await reader.send('GET', '/api/v1/node');
  expect([refused.status, problemOf(refused).errMessage]).toEqual([
    403,
    expect.stringContaining('cannot list nodes at the cluster scope'),
  ]);
});
