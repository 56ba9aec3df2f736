import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow, allowEverywhere, documentedRoles, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import type { WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, auditLog } = inject('surroundings');
/** The rights that the guide documents are the ones that the test gives. */
const documented = documentedRoles(fileURLToPath(new URL('../../docs/guide/security.md', import.meta.url)));
const rulesOf = (role: string) => documented[role]?.rules ?? [];
const kube = createKubeClient(kubeconfig);
const [own, foreign] = ['access-own', 'access-foreign'] as const;
const people = ['admin', 'editor', 'viewer', 'weak', 'leaver'] as const;
type Person = (typeof people)[number];

const releases = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'] };
const core = (...resources: string[]) => ({ apiGroups: [''], resources, verbs: ['*'] });

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const small = buildChart('small', {
  'templates/x.yaml': `${map}data: {got: {{ .Values | toJson | quote }}}\n`,
}).bytes;
const nosy = buildChart('nosy', {
  'templates/x.yaml': `${map}data: {seen: {{ lookup "v1" "Secret" "${foreign}" "" | toJson | quote }}}\n`,
}).bytes;
const app = buildChart('app', {
  'templates/x.yaml': `${map}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: x}}
  template: {metadata: {labels: {app: x}}, spec: {containers: [{name: x, image: example.com/x:1}]}}
`,
}).bytes;
const slow = fixtureChart('hooks').bytes;

let walm: GuardedWalm;
let server: WalmServer;
const tokens = {} as Record<Person, string>;
const as = {} as Record<Person, WalmApi>;
let leaversBinding: string;

beforeAll(async () => {
  await Promise.all([own, foreign].map((name) => createNamespace(kube, name)));
  for (const name of people) tokens[name] = await serviceAccountToken(kube, { namespace: own, name });
  const account = (name: Person) => ({ namespace: own, name });
  const edit = [
    ...rulesOf('walm-edit'),
    core('secrets', 'configmaps', 'pods', 'services', 'serviceaccounts', 'persistentvolumeclaims'),
    { apiGroups: ['batch', 'apps'], resources: ['jobs', 'deployments'], verbs: ['*'] },
  ];
  await allowEverywhere(kube, account('admin'), [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  await allow(kube, account('editor'), own, edit);
  leaversBinding = await allow(kube, account('leaver'), own, edit);
  await allow(kube, account('viewer'), own, rulesOf('walm-view'));
  await allow(kube, account('weak'), own, [{ ...releases, verbs: ['*'] }, core('secrets', 'configmaps')]);
  await shareKeys();
  const flags = ['--http-host=0.0.0.0'];
  walm = await startGuardedWalm({ kube, kubeconfig, auditLog }, { systemNamespace: 'walm-access', flags });
  server = walm.server;
  for (const name of people) as[name] = createWalmApi(server.url, tokens[name]);
});
afterAll(async () => {
  kube.close();
  await walm.stop();
});

/**
 * Two leading servers on one cluster share their keys, so that both see outputs as unchanged and each other's seals as
 * valid.
 */
async function shareKeys(): Promise<void> {
  await createNamespace(kube, 'walm-access');
  for (const name of ['walm-digest-key', 'walm-seal-key']) {
    const { kind, apiVersion, data } = (await kube.find(`/api/v1/namespaces/walm-system/secrets/${name}`))!;
    await kube.create('/api/v1/namespaces/walm-access/secrets', { kind, apiVersion, metadata: { name }, data });
  }
}

const order = (name: string, namespace: string = own, archive = small) => ({ namespace, body: { name }, archive });

async function finished(id: string): Promise<TaskInfo> {
  return eventually(async () => {
    const { body } = await as.admin.task(id);
    expect(body.finishedAt).toBeDefined();
    return body;
  });
}

describe('who is calling', () => {
  test('has to be said, and the cluster has to know them', async () => {
    for (const token of [undefined, 'guessed', `${tokens.editor.slice(0, -4)}AAAA`]) {
      const answer = await createWalmApi(server.url, token).list();
      expect(answer.status, answer.text).toBe(401);
      expect(problemOf(answer).code).toBe('UNAUTHENTICATED');
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
    for (const path of ['/readiness', '/liveness', '/metrics', '/api/v1/openapi.json']) {
      expect((await createWalmApi(server.url).send('GET', path)).status).toBe(200);
    }
  });
});

describe('a change', () => {
  test('is for those who may make it, where they may', async () => {
    await as.editor.mustInstall(order('web'));
    const { body } = await as.viewer.get(own, 'web');
    expect(body).toMatchObject({ name: 'web', version: 1 });
    const refusals = [
      [await as.viewer.install(order('mine')), 'create', own],
      [await as.viewer.remove(own, 'web'), 'delete', own],
      [await as.viewer.upgrade(order('web')), 'update', own],
      [await as.viewer.dryRun(order('web')), 'create', own],
      [await as.viewer.send('POST', `/api/v1/release/${own}/name/web/pause`), 'update', own],
      [await as.editor.install(order('web', foreign)), 'create', foreign],
      [await as.viewer.get(foreign, 'web'), 'get', foreign],
    ] as const;
    for (const [answer, verb, namespace] of refusals) {
      expect(answer.status, answer.text).toBe(403);
      expect(problemOf(answer)).toMatchObject({
        code: 'FORBIDDEN',
        details: { verb, resource: 'releaseconfigs', namespace },
      });
    }
    expect((await as.admin.get(foreign, 'web')).status).toBe(404);
  });

  test('is recorded with who made it, and made with their rights', async () => {
    const history = await as.editor.send('GET', `/api/v1/release/${own}/name/web/history`);
    const user = `system:serviceaccount:${own}:editor`;
    expect(history.body).toMatchObject({ items: [{ caller: user, cause: `installed by ${user}` }] });
    const audited = server
      .log()
      .split('\n')
      .flatMap((line) => (line.includes('"audit"') ? [JSON.parse(line) as { audit: { what: string } }] : []))
      .map(({ audit }) => audit);
    expect(audited).toContainEqual(
      expect.objectContaining({
        event: 'task',
        who: user,
        groups: expect.arrayContaining(['system:serviceaccounts']) as string[],
        what: 'install',
        release: 'web',
        result: 'succeeded',
      }),
    );
  });

  test('looks at nothing that the caller may not see', async () => {
    for (const send of [as.editor.install, as.editor.dryRun]) {
      const answer = await send(order('nosy', own, nosy));
      expect(answer.status, answer.text).toBe(403);
      expect(problemOf(answer).errMessage).toContain(`cannot list resource "secrets"`);
    }
    expect((await as.admin.dryRun(order('nosy', own, nosy))).status).toBe(200);
  });

  test('that needs what the caller may not is refused by the cluster, and leaves nothing behind', async () => {
    const answer = await as.weak.install(order('beyond', own, app));
    expect(answer.status, answer.text).toBe(403);
    expect(problemOf(answer).code).toBe('FORBIDDEN');
    expect(problemOf(answer).errMessage).toContain('deployments');
    const left = await Promise.all(
      [
        `/api/v1/namespaces/${own}/configmaps`,
        `/api/v1/namespaces/${own}/secrets`,
        `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${own}/releaseconfigs`,
      ].map((path) => kube.list(path)),
    );
    expect(left.flat().filter(({ metadata }) => metadata.name.includes('beyond'))).toEqual([]);
    await as.weak.mustInstall(order('within'));
  });

  test('whose caller loses the right before its turn fails, and changes nothing', async () => {
    const body = { name: 'busy', configValues: { slowSeconds: 2 } };
    const first = await as.editor.install({ namespace: own, body, archive: slow, query: { async: true } });
    expect(first.status, first.text).toBe(202);
    const second = await as.leaver.upgrade({ ...order('busy'), query: { async: true } });
    expect(second.status, second.text).toBe(202);
    await kube.remove(leaversBinding);
    const { task } = second.body as { task: TaskInfo };
    expect(task.state).toBe('queued');
    expect(await finished(task.id)).toMatchObject({
      state: 'failed',
      attempt: 0,
      error: { code: 'FORBIDDEN', details: { verb: 'update', namespace: own, name: 'busy' } },
    });
    expect((await as.admin.get(own, 'busy')).body).toMatchObject({ version: 1, chartName: 'hooks' });
  });

  test('makes a namespace for those who may', async () => {
    const query = { createNamespace: true };
    const answer = await as.editor.install({ ...order('x', 'access-made'), query });
    expect(answer.status, answer.text).toBe(403);
    await as.admin.mustInstall({ ...order('x', 'access-made'), query });
    await as.admin.remove('access-made', 'x');
  });

  test('of many releases is judged one by one', async () => {
    const query = { labelselector: '!none', dryrun: true };
    const { body } = await as.viewer.send('POST', '/api/v1/bulk/delete', { query: { ...query, force: true } });
    const { items } = body as { items: { namespace: string; error?: { code: string } }[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ namespace, error }) => namespace === own && error?.code === 'FORBIDDEN')).toBe(true);
  });
});

describe('what others publish', () => {
  test('is for those who may get it, at each of their changes', async () => {
    const outputs = { word: 'values:word' };
    const provider = { name: 'source', configValues: { word: 'plugh' }, outputs };
    await as.admin.mustInstall({ namespace: foreign, body: provider, archive: small });
    const body = { name: 'taker', dependencies: { source: `${foreign}/source` } };
    for (const send of [as.editor.install, as.editor.dryRun]) {
      const refused = await send({ namespace: own, body, archive: small });
      expect(refused.status, refused.text).toBe(403);
      expect(problemOf(refused)).toMatchObject({ details: { verb: 'get', namespace: foreign, name: 'source' } });
    }
    const binding = await allow(kube, { namespace: own, name: 'editor' }, foreign, [{ ...releases, verbs: ['get'] }]);
    await eventually(async () => {
      expect((await as.editor.install({ namespace: own, body, archive: small })).status).toBe(200);
    });
    expect(JSON.stringify(await kube.find(`/api/v1/namespaces/${own}/configmaps/taker`))).toContain('plugh');

    await kube.remove(binding);
    await eventually(async () => {
      const upgrade = await as.editor.upgrade({ namespace: own, body: { name: 'taker', configValues: { a: 1 } } });
      expect(upgrade.status, upgrade.text).toBe(403);
      expect(problemOf(upgrade).errMessage).toContain(`dependency source names the release ${foreign}/source`);
    });
    // Nor does Walm itself read for them what they may no longer get.
    const changed = { name: 'source', configValues: { word: 'xyzzy' } };
    expect((await as.admin.upgrade({ namespace: foreign, body: changed })).status).toBe(200);
    await eventually(async () => {
      const { body: taker } = await as.editor.get(own, 'taker');
      expect(taker.dependencyStatus).toMatchObject([{ key: 'source', state: 'NotAllowed' }]);
      expect(taker.notAllowed).toMatchObject([{ what: 'dependencies', missing: { verb: 'get', namespace: foreign } }]);
    });
    expect(JSON.stringify(await kube.find(`/api/v1/namespaces/${own}/configmaps/taker`))).toContain('plugh');
    const without = { name: 'taker', dependencies: { source: '' } };
    await eventually(async () => {
      const upgrade = await as.editor.upgrade({ namespace: own, body: without });
      expect(upgrade.status, upgrade.text).toBe(200);
    });
  });
});

describe('lists', () => {
  test('tell of the namespaces that the caller may list', async () => {
    const namespacesOf = (answer: { body: { items: { namespace: string }[] } }) =>
      new Set(answer.body.items.map(({ namespace }) => namespace));
    expect(namespacesOf(await as.viewer.list())).toEqual(new Set([own]));
    expect(namespacesOf(await as.admin.list())).toContain(foreign);
    expect((await as.viewer.list(foreign)).status).toBe(403);
    const tasks = await as.viewer.send('GET', '/api/v1/task');
    expect(namespacesOf(tasks as Parameters<typeof namespacesOf>[0])).toEqual(new Set([own]));
    expect((await as.viewer.send('GET', '/api/v1/task', { query: { namespace: foreign } })).status).toBe(403);
  });

  test('and streams of events too', async () => {
    const headers = { authorization: `Bearer ${tokens.viewer}` };
    const answer = await fetch(`${server.url}/api/v1/events`, { headers });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    await as.admin.mustInstall(order('unseen', foreign));
    await as.admin.mustInstall(order('seen'));
    let text = '';
    while (!text.includes('"seen"')) {
      const { value, done } = await reader.read();
      expect(done).toBe(false);
      text += value ?? '';
    }
    expect(text).not.toContain(foreign);
  });
});

test('no token stands in the log or in a task', async () => {
  const tasks = await kube.list('/api/v1/namespaces/walm-access/secrets');
  const kept = tasks.map(({ data }) => Object.values((data ?? {}) as Record<string, string>).map(atob)).join('\n');
  for (const token of Object.values(tokens)) {
    const signature = token.slice(-40);
    expect(server.log()).not.toContain(signature);
    expect(kept).not.toContain(signature);
  }
});
