import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';

import type { Operation } from '../../contract/operations/parts/operation.ts';
import { type OperationId, operations } from '../../contract/operations/operations.ts';
import { type ForeignCall, foreignCalls } from '../access/foreign-calls.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createRecordEditor, type RecordPayload } from '../harness/clients/helm-record.ts';
import { type ClusterObject, createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant } from '../harness/trust/tenant.ts';

// A release names objects of a namespace in which the caller has no right: those of its record `…-here` are there, those
// of its twin `…-gone` are not. Whatever the caller does with both, the answers are alike, contain nothing of the objects
// that are there, and leave them as they are.

const { kubeconfig, auditLog, registry } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const records = createRecordEditor(kube);
const [own, theirs, system] = ['elsewhere-own', 'elsewhere-theirs', 'elsewhere-walm'] as const;
const CANARY = 'canary-7f31-of-the-neighbours';
const TWINS = ['here', 'gone'] as const;
type Twin = (typeof TWINS)[number];
const AT_ONCE = 8;

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {a: "{{ .Values.a }}"}\n';
const plain = buildChart('plain', {
  'README.md': 'Plain.\n',
  'values.yaml': 'a: one\n',
  'templates/x.yaml': map,
});

/** Objects of a record in the namespace of the neighbours, by kind, as an editor writes them who cannot read them. */
const named = (name: string): Record<string, string> => ({
  ConfigMap: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${theirs}}\ndata: {k: w}\n`,
  Secret: `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ${theirs}}\nstringData: {word: w}\n`,
  Service: `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${theirs}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`,
  Deployment:
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: ${theirs}}\n` +
    `spec:\n  replicas: 1\n  selector: {matchLabels: {app: ${name}}}\n` +
    `  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: "registry.example/main:1"}]}}\n`,
  StatefulSet:
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ${name}, namespace: ${theirs}}\n` +
    `spec:\n  serviceName: ${name}\n  replicas: 1\n  selector: {matchLabels: {app: ${name}-db}}\n` +
    `  template: {metadata: {labels: {app: ${name}-db}}, spec: {containers: [{name: main, image: "registry.example/main:1"}]}}\n` +
    `  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n`,
  Ingress:
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}, namespace: ${theirs}}\n` +
    `spec: {rules: [{host: guessed.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: ${name}, port: {number: 80}}}}]}}]}\n`,
});
const hookOf = (name: string) => ({
  name,
  kind: 'Pod',
  path: 'plain/templates/test.yaml',
  manifest:
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}-test, namespace: ${theirs}, annotations: {helm.sh/hook: test}}\n` +
    `spec: {restartPolicy: Never, containers: [{name: main, image: "registry.example/main:1"}]}\n`,
  events: ['test'],
  last_run: { started_at: '', completed_at: '', phase: '' },
  weight: 0,
  delete_policies: [],
});
const COLLECTIONS: Record<string, string> = {
  ConfigMap: `/api/v1/namespaces/${theirs}/configmaps`,
  Secret: `/api/v1/namespaces/${theirs}/secrets`,
  Service: `/api/v1/namespaces/${theirs}/services`,
  Deployment: `/apis/apps/v1/namespaces/${theirs}/deployments`,
  StatefulSet: `/apis/apps/v1/namespaces/${theirs}/statefulsets`,
  Ingress: `/apis/networking.k8s.io/v1/namespaces/${theirs}/ingresses`,
  Pod: `/api/v1/namespaces/${theirs}/pods`,
  PersistentVolumeClaim: `/api/v1/namespaces/${theirs}/persistentvolumeclaims`,
};

let walm: GuardedWalm;
let repository: ChartRepository;
let editor: WalmApi;
let token: string;
let base: { one: RecordPayload; two: RecordPayload };
/** What is not shown to callers without the right: texts, names of pods, uids, addresses. */
const secrets = new Set<string>([CANARY, Buffer.from(CANARY).toString('base64')]);

beforeAll(async () => {
  for (const name of [own, theirs, system]) await createNamespace(kube, name);
  const tenant = await makeTenant(kube, own);
  ({ token } = tenant);
  repository = await startChartRepository();
  repository.add(plain);
  const repositories = [{ name: 'stable', url: repository.url }];
  walm = await startGuardedWalm({ kube, kubeconfig, auditLog }, { systemNamespace: system, repositories });
  editor = createWalmApi(walm.server.url, token);
  const releases = [
    { name: 'base-here', repoName: 'stable', chartName: 'plain', releaseLabels: { twin: 'base-here' } },
  ];
  await must(editor.send('POST', `/api/v1/project/${own}/name/base-here`, json({ releases })));
  await must(editor.upgrade({ namespace: own, body: { name: 'base-here', configValues: { a: 'two' } } }));
  const payload = async (revision: number) => records.payloadOf(await records.read(own, 'base-here', revision));
  base = { one: await payload(1), two: await payload(2) };
});
afterAll(async () => {
  await repository.close();
  await walm.stop();
  kube.close();
});

const json = (body: unknown) => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

async function must(asked: Promise<{ status: number; text: string }>): Promise<void> {
  const { status, text } = await asked;
  if (status !== 200) throw new Error(`${status} ${text}`);
}

/** All calls of the table, each with a release of its own where it may change something. */
type Planned = { id: OperationId; call: ForeignCall; name: string };
function plannedCalls(variant: string): Planned[] {
  return (Object.keys(foreignCalls) as OperationId[]).flatMap((id) =>
    foreignCalls[id].map((call, i) => ({
      id,
      call,
      name: operations[id].method === 'GET' ? `${variant}-read` : `${variant}-${id.toLowerCase()}-${i}`,
    })),
  );
}

/** Writes two revisions, as every editor of the namespace can. */
async function forge(release: string): Promise<void> {
  for (const [revision, payload] of [base.one, base.two].entries()) {
    const text = JSON.stringify(payload).replaceAll('base-here', release);
    const made = JSON.parse(text) as RecordPayload;
    const outputs = { word: `secret:../../${theirs}/secrets/${release}.word`, host: `service:${release}.address` };
    const manifest = made.manifest.replace('\nspec:\n', `\nspec:\n  outputs: ${JSON.stringify(outputs)}\n`);
    await records.write(made.namespace, release, revision + 1, {
      ...made,
      manifest: [manifest.trimEnd(), ...Object.values(named(release))].join('\n---\n'),
      hooks: [hookOf(release)],
    });
  }
}

async function plantForged(release: string): Promise<void> {
  for (const [kind, text] of Object.entries(named(release))) await plant(kind, text);
}

/** An object of the neighbours, without any mark of Helm. */
async function plant(kind: string, text: string): Promise<void> {
  await kube.create(COLLECTIONS[kind]!, marked(kind, parse(text) as ClusterObject));
}

/** The same object with the canary wherever it can have one. */
function marked(kind: string, object: ClusterObject): ClusterObject {
  const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, note: CANARY } };
  switch (kind) {
    case 'ConfigMap':
      return { ...object, metadata, data: { k: CANARY } };
    case 'Secret':
      return { ...object, metadata, stringData: { word: CANARY } };
    default:
      return { ...object, metadata };
  }
}

async function mapAtOnce<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const open = [...list];
  const lane = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function objectsOfTheirs(): Promise<ClusterObject[]> {
  const lists = await Promise.all(
    Object.entries(COLLECTIONS).map(async ([kind, path]) => (await kube.list(path)).map((one) => ({ ...one, kind }))),
  );
  return lists.flat();
}

const traceOf = ({ kind, metadata }: ClusterObject) =>
  `${kind}/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;

/** Resolves once nothing happens in their namespace any more; notes what must not be shown. */
async function atRest(): Promise<string[]> {
  let last: string[] = [];
  return eventually(
    async () => {
      const objects = await objectsOfTheirs();
      const before = last;
      last = objects.map(traceOf).toSorted();
      expect(last).toEqual(before);
      for (const { kind, metadata, spec } of objects) {
        secrets.add(metadata.uid ?? '');
        // The name of a pod of a StatefulSet is what anyone can guess, and what calls name.
        if (kind === 'Pod' && !/-\d$/.test(metadata.name)) secrets.add(metadata.name);
        const { clusterIP, volumeName } = (spec ?? {}) as { clusterIP?: string; volumeName?: string };
        for (const told of [clusterIP, volumeName]) if (told !== undefined) secrets.add(told);
      }
      secrets.delete('');
      return last;
    },
    { everyMs: 1_000 },
  );
}

type Seen = { status: number; text: string };

async function send(api: WalmApi, { id, call }: Planned, release: string, task: string): Promise<Seen> {
  const row: Operation = operations[id];
  const values: Record<string, string> = {
    namespace: own,
    release,
    project: release,
    repo: 'stable',
    chart: 'plain',
    image: `oci+http://${registry}/charts/umbrella:${fixtureChart('umbrella').version}`,
    revision: '2',
    task,
  };
  const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  Object.assign(values, Object.fromEntries(Object.entries(call.path ?? {}).map(([key, text]) => [key, filled(text)])));
  const query = Object.fromEntries(
    Object.entries(call.query ?? {}).map(([name, value]) => [name, filled(String(value))]),
  );
  const body =
    call.body === undefined ? undefined : (JSON.parse(filled(JSON.stringify(call.body))) as { name: string });
  if (id === 'streamEvents') return { status: 200, text: '' };
  if (row.body?.kind === 'chart-form') {
    return api.send(row.method, filled(row.path), { query, body: chartForm(body!, plain.bytes) });
  }
  return api.send(row.method, filled(row.path), { query, ...(body && json(body)) });
}

/** What two answers about twins may differ in: names of the twins, ids, times, digests and versions. */
function alike({ status, text }: Seen): string {
  const bare = text
    .replaceAll(/-(here|gone)\b/g, '-TWIN')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UID')
    .replaceAll(/"id": "[0-9a-f]{12}-\d+"/g, '"id": EVENT')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replaceAll(/[A-Za-z0-9+/_-]{40,}={0,2}/g, 'DIGEST')
    .replaceAll(
      /"(resourceVersion|requestId|sequence|ageSeconds|revisionAge|uptimeSeconds)":\s*"?[^",}]*"?/g,
      '"$1":0',
    );
  return `${status} ${bare}`;
}

/** The server's stream of events, as the editor sees it. */
function listen(): { text(): string; stop(): void } {
  const stop = new AbortController();
  let text = '';
  void (async () => {
    const answer = await fetch(`${walm.server.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  })().catch(() => undefined);
  return { text: () => text, stop: () => stop.abort() };
}

const leakIn = (text: string): string | undefined => [...secrets].find((secret) => text.includes(secret));

/** What is wrong with the answers, a line each. */
async function play(variant: string): Promise<string[]> {
  const calls = plannedCalls(variant);
  const before = await atRest();
  expect(secrets.size).toBeGreaterThan(20);
  const stream = listen();
  const task = await firstTask();
  const wrong: string[] = [];
  for (const planned of calls) {
    const told = `${planned.id} ${JSON.stringify(planned.call)}`;
    const isRead = operations[planned.id].method === 'GET';
    const ask = async () => {
      const of = (twin: Twin) => send(editor, planned, `${planned.name}-${twin}`, task);
      const [here, gone] = await Promise.all([of('here'), of('gone')]);
      return { here, gone };
    };
    let seen = await ask();
    const differ = () => planned.call.wide !== true && alike(seen.here) !== alike(seen.gone);
    // One of two reads may have been answered a moment before the live view had everything.
    if (isRead && differ()) {
      await untilQuiet(walm.server.url);
      seen = await ask();
    }
    const leak = leakIn(seen.here.text);
    if (leak !== undefined) wrong.push(`${told} shows ${leak}: ${seen.here.text.slice(0, 2_000)}`);
    if (differ())
      wrong.push(`${told} differs:\n  ${alike(seen.here).slice(0, 3_000)}\n  ${alike(seen.gone).slice(0, 3_000)}`);
    // A request that is not valid would show nothing.
    if (seen.here.status === 400) wrong.push(`${told} is not a valid request: ${seen.here.text}`);
    if (seen.here.status >= 500 && isRead) wrong.push(`${told} answers ${seen.here.status} ${seen.here.text}`);
  }
  await untilQuiet(walm.server.url);
  const after = await atRest();
  stream.stop();
  const leak = leakIn(stream.text()) ?? leakIn(walm.server.log());
  if (leak !== undefined) wrong.push(`the stream of events or the log shows ${leak}`);
  expect(after).toEqual(before);
  expect(stream.text()).toContain(`${variant}-`);
  return wrong;
}

async function firstTask(): Promise<string> {
  const { body } = await editor.send('GET', '/api/v1/task', { query: { namespace: own } });
  return (body as { items: { id: string }[] }).items[0]?.id ?? '';
}

describe('a record that names objects of a namespace where its reader has no right', () => {
  test('and that an editor wrote shows and touches nothing of them, in any operation', async () => {
    const names = [...new Set(plannedCalls('forged').map(({ name }) => name))];
    await mapAtOnce(names, async (name) => {
      await plantForged(`${name}-here`);
      for (const twin of TWINS) await forge(`${name}-${twin}`);
    });
    for (const twin of TWINS) {
      await eventually(async () => {
        expect((await editor.get(own, `forged-read-${twin}`)).body).toMatchObject({ version: 2, status: 'deployed' });
      });
    }
    await untilQuiet(walm.server.url);
    expect(await play('forged')).toEqual([]);
  });
});
