import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { allow, allowEverywhere, documentedRoles, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import type { WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, auditLog } = inject('surroundings');
const documented = documentedRoles(fileURLToPath(new URL('../../docs/guide/security.md', import.meta.url)));
const kube = createKubeClient(kubeconfig);
const [own, foreign, system] = ['automation-own', 'automation-foreign', 'automation-walm'] as const;
const CANARY = 'canary-52b1-of-somebody-else';
const people = ['admin', 'editor', 'leaver'] as const;
type Person = (typeof people)[number];
const as = {} as Record<Person, WalmApi>;
let walm: GuardedWalm;
let server: WalmServer;
let leaversBinding: string;

const core = (...resources: string[]) => ({ apiGroups: [''], resources, verbs: ['*'] });
const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const plain = buildChart('plain', {
  'templates/x.yaml': `${map}data: {got: {{ .Values | toJson | quote }}}\n`,
}).bytes;
const secretIn = (namespace: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: planted, namespace: "${namespace}"}\nstringData: {a: b}\n`;

/** A chart that is harmless until its provider says `go`. */
function sleeper(name: string, awake: string) {
  const text = `${map}data: {word: {{ .Values.source.word | default "none" | quote }}}\n`;
  return buildChart(name, {
    'templates/x.yaml': `${text}---\n{{ if eq (.Values.source.word | default "") "go" }}\n${awake}\n{{ end }}\n`,
    'values.yaml': 'source: {}\n',
  }).bytes;
}

const attacks = {
  'writes into the namespace of Walm': [sleeper('pen', secretIn(system)), /Walm's own/],
  'writes into a namespace of others': [sleeper('far', secretIn(foreign)), /cannot .* resource "secrets"/],
  'gives itself power': [
    sleeper(
      'power',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: automation-planted}\n' +
        'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n' +
        `subjects: [{kind: ServiceAccount, name: editor, namespace: ${own}}]\n`,
    ),
    /clusterrolebindings/,
  ],
  'reads a Secret of others': [
    sleeper(
      'eye',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-seen"}\n' +
        `data: {it: {{ lookup "v1" "Secret" "${foreign}" "theirs" | toJson | quote }}}`,
    ),
    /cannot get resource "secrets"/,
  ],
} as const;

beforeAll(async () => {
  await Promise.all([own, foreign, system].map((name) => createNamespace(kube, name)));
  await kube.create(`/api/v1/namespaces/${foreign}/secrets`, {
    metadata: { name: 'theirs' },
    stringData: { it: CANARY },
  });
  const account = (name: Person) => ({ namespace: own, name });
  const tokens = new Map<Person, string>();
  for (const name of people) tokens.set(name, await serviceAccountToken(kube, account(name)));
  const edit = [...(documented['walm-edit']?.rules ?? []), core('secrets', 'configmaps', 'services')];
  await allowEverywhere(kube, account('admin'), [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  await allow(kube, account('editor'), own, edit);
  leaversBinding = await allow(kube, account('leaver'), own, edit);
  const flags = ['--http-host=0.0.0.0'];
  walm = await startGuardedWalm({ kube, kubeconfig, auditLog }, { systemNamespace: system, flags });
  server = walm.server;
  for (const name of people) as[name] = createWalmApi(server.url, tokens.get(name));
});
afterAll(async () => {
  await walm.stop();
  kube.close();
});

/** A provider and its dependent, both created by the same user. */
async function pair(person: Person, name: string, archive: Buffer): Promise<void> {
  const provider = { name: `${name}-source`, configValues: { word: 'still' }, outputs: { word: 'values:word' } };
  await as[person].mustInstall({ namespace: own, body: provider, archive: plain });
  await as[person].mustInstall({
    namespace: own,
    body: { name, dependencies: { source: `${name}-source` } },
    archive,
  });
}

/** Changes the provider, as the admin, whose rights the dependent must not get either. */
async function wake(name: string, word = 'go'): Promise<void> {
  const body = { name: `${name}-source`, configValues: { word } };
  const answer = await as.admin.upgrade({ namespace: own, body });
  expect(answer.status, answer.text).toBe(200);
}

async function historyOf(name: string) {
  const { body } = await as.admin.send('GET', `/api/v1/release/${own}/name/${name}/history`);
  return (body as { items: { revision: number; caller: string | null; cause: string; status: string }[] }).items;
}

async function tasksOf(release: string): Promise<string[]> {
  const { body } = await as.admin.send('GET', '/api/v1/task', { query: { namespace: own, release } });
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

/** Three changes of a provider, each followed by an honest dependent before the next one. */
async function followThrice(name: string): Promise<void> {
  await pair('editor', name, plain);
  for (const word of ['one', 'two', 'three']) {
    await wake(name, word);
    await eventually(async () => {
      expect((await as.admin.get(own, name)).body.dependenciesConfigValues).toEqual({ source: { word } });
    });
  }
  await untilQuiet(server.url);
}

async function untilDenied(name: string): Promise<string> {
  return eventually(async () => {
    const { body } = await as.admin.get(own, name);
    const [status] = body.dependencyStatus ?? [];
    expect(status?.state).toBe('NotAllowed');
    expect(body.notAllowed?.[0]).toMatchObject({ what: 'dependencies' });
    return body.notAllowed?.[0]?.reason ?? '';
  });
}

describe('a dependent whose provider changes', () => {
  test('is upgraded as who made it', async () => {
    await pair('editor', 'honest', sleeper('honest', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}'));
    await wake('honest');
    await eventually(async () => {
      expect((await historyOf('honest'))[0]).toMatchObject({
        revision: 2,
        caller: `system:serviceaccount:${own}:editor`,
        cause: 'honest-source outputs changed: word',
      });
    });
  });

  test.each(Object.entries(attacks))('and that then %s has the rights of who made it', async (what, [archive, why]) => {
    const name = `attack-${Object.keys(attacks).indexOf(what)}`;
    await pair('editor', name, archive);
    await wake(name);
    expect(await untilDenied(name)).toMatch(why);
    const planted = await Promise.all([
      kube.find(`/api/v1/namespaces/${system}/secrets/planted`),
      kube.find(`/api/v1/namespaces/${foreign}/secrets/planted`),
      kube.find('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/automation-planted'),
      kube.find(`/api/v1/namespaces/${own}/configmaps/${name}-seen`),
    ]);
    expect(planted.map((object) => object ?? null)).toEqual([null, null, null, null]);
    const records = await kube.list(`/api/v1/namespaces/${own}/secrets`);
    expect(JSON.stringify(records)).not.toContain(CANARY);
    expect(server.log()).not.toContain(CANARY);
    // Walm does not retry it endlessly: other dependents still follow, one after the other, and nothing more happens.
    const before = [await historyOf(name), await tasksOf(name)];
    await followThrice(`beside-${name}`);
    expect([await historyOf(name), await tasksOf(name)]).toEqual(before);
  });

  test('stays as it is when who made it has lost the right, and the right is named', async () => {
    await pair('leaver', 'left', sleeper('left', ''));
    await kube.remove(leaversBinding);
    await wake('left');
    expect(await untilDenied('left')).toContain('cannot update releaseconfigs');
    const { body } = await as.admin.get(own, 'left');
    expect(body.notAllowed?.[0]?.missing).toMatchObject({ verb: 'update', namespace: own, name: 'left' });
    expect(await historyOf('left')).toHaveLength(1);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(Number(/^walm_automation_not_allowed (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  });
});

describe('a provider that publishes YAML', () => {
  // A chart that prints what it is given without quotes, as many do.
  const unquoted = buildChart('unquoted', {
    'values.yaml': 'source: {word: none}\n',
    'templates/x.yaml': `${map}data:\n  config: |\n    word={{ .Values.source.word }}\n  flow: {{ .Values.source.word }}\n`,
  }).bytes;
  const binding =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: output-planted}\n' +
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n' +
    `subjects: [{kind: ServiceAccount, name: editor, namespace: ${own}}]\n`;
  const evil = {
    'another document': `x\n---\n${binding}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: output-rest}\ndata:\n  a: b`,
    'another field': 'x\n  added: by-the-provider',
  };

  test.each(Object.entries(evil))(
    'gives the dependent of an administrator no object or field: %s',
    async (what, word) => {
      const name = `yaml-${Object.keys(evil).indexOf(what)}`;
      const provider = { name: `${name}-source`, outputs: { word: 'values:word' }, configValues: { word: 'still' } };
      await as.editor.mustInstall({ namespace: own, body: provider, archive: plain });
      const dependent = { name, dependencies: { source: provider.name } };
      await as.admin.mustInstall({ namespace: own, body: dependent, archive: unquoted });
      const changed = await as.editor.upgrade({
        namespace: own,
        body: { name: provider.name, configValues: { word } },
      });
      expect(changed.status, changed.text).toBe(200);
      expect(await untilDenied(name)).toContain('another release publishes');
      await followThrice(`beside-${name}`);
      const tasks = await tasksOf(name);
      expect(tasks).toHaveLength(2);
      for (const send of [as.admin.upgrade, as.admin.dryRun]) {
        const refused = await send({ namespace: own, body: { name } });
        expect(refused.status, refused.text).toBe(422);
        expect(problemOf(refused).code).toBe('OUTPUT_SHAPES_OBJECTS');
      }
      expect(await kube.find('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/output-planted')).toBeUndefined();
      const { data } = (await kube.find(`/api/v1/namespaces/${own}/configmaps/${name}`))!;
      expect(data).toEqual({ config: 'word=still\n', flow: 'still' });
      // A text with a blank and a colon within a word is one, and it follows.
      await as.editor.upgrade({
        namespace: own,
        body: { name: provider.name, configValues: { word: 'so it: goes'.replace(': ', ':') } },
      });
      await eventually(async () => {
        const { data: now } = (await kube.find(`/api/v1/namespaces/${own}/configmaps/${name}`))!;
        expect(now).toEqual({ config: 'word=so it:goes\n', flow: 'so it:goes' });
      });
    },
  );
});

describe("Walm's own namespace", () => {
  const inList = `apiVersion: v1\nkind: List\nitems:\n- ${secretIn(system).trim().replaceAll('\n', '\n  ')}\n`;
  const hook = secretIn(system).replace('{name: planted', '{annotations: {"helm.sh/hook": pre-install}, name: planted');
  const computed = secretIn(`{{ printf "%s-%s" "automation" "walm" }}`);
  const charts = {
    'an object': secretIn(system),
    'an object whose namespace is computed': computed,
    'a list': inList,
    'a hook': hook,
    'the namespace itself': `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${system}}\n`,
    'a lookup': `${map}data: {it: {{ lookup "v1" "Secret" "${system}" "" | toJson | quote }}}\n`,
  };

  test.each(Object.entries(charts))('is not a place for %s of a chart, whoever installs it', async (_, text) => {
    const archive = buildChart('reserved', { 'templates/x.yaml': text }).bytes;
    for (const send of [as.admin.dryRun, as.admin.install]) {
      const answer = await send({ namespace: own, body: { name: 'reserved' }, archive });
      expect(answer.status, answer.text).toBe(422);
      expect(problemOf(answer)).toMatchObject({ code: 'NAMESPACE_RESERVED', details: { namespace: system } });
    }
    expect(await kube.find(`/api/v1/namespaces/${system}/secrets/planted`)).toBeUndefined();
    const records = await kube.list(`/api/v1/namespaces/${own}/secrets`);
    expect(records.filter(({ metadata }) => metadata.name.includes('reserved'))).toEqual([]);
  });

  test('is left out where a template lists all Secrets', async () => {
    const text = `${map}data: {it: {{ range (lookup "v1" "Secret" "" "").items }}{{ .metadata.namespace }} {{ end }}}\n`;
    const archive = buildChart('all', {
      'templates/x.yaml': text.replace('{it: ', '{it: "').replace('end }}}', 'end }}"}'),
    });
    const { body, text: whole } = await as.admin.dryRun({
      namespace: own,
      body: { name: 'all' },
      archive: archive.bytes,
    });
    const seen = JSON.stringify(body);
    expect(seen, whole).toContain(foreign);
    expect(seen).not.toContain(system);
  });

  test('takes no release', async () => {
    for (const query of [{}, { createNamespace: true }]) {
      const answer = await as.admin.install({ namespace: system, body: { name: 'x' }, archive: plain, query });
      expect(answer.status, answer.text).toBe(422);
      expect(problemOf(answer).code).toBe('NAMESPACE_RESERVED');
    }
    const project = await as.admin.send('POST', `/api/v1/project/${system}/name/p`, {
      body: JSON.stringify({ releases: [{ name: 'x', chartName: 'y' }] }),
      headers: { 'content-type': 'application/json' },
    });
    expect(problemOf(project).code).toBe('NAMESPACE_RESERVED');
  });
});
