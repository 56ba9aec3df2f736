import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createRecordEditor, type RecordPayload } from '../harness/clients/helm-record.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { allowEverywhere, serviceAccountToken, tokenKubeconfig } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant } from '../harness/trust/tenant.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, auditLog } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [own, foreign, system] = ['attack-own', 'attack-foreign', 'attack-walm'] as const;
const THEIRS = `/api/v1/namespaces/${foreign}/configmaps/theirs`;
const PLANTED = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/attack-planted';
const secretsIn = `/api/v1/namespaces/${own}/secrets`;
const MERGE = 'application/merge-patch+json';

const power =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: attack-planted}\n' +
  'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n' +
  `subjects: [{kind: ServiceAccount, name: tenant, namespace: ${own}}]\n`;
const theirs = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: ${foreign}}\n`;
const map =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n';
const client = buildChart('client', { 'templates/got.yaml': map }).bytes;
const provider = buildChart('provider', { 'values.yaml': 'round: one\n', 'templates/x.yaml': map }).bytes;

const folder = mkdtempSync(join(tmpdir(), 'walm-attacks-'));
let walm: GuardedWalm;
let admin: WalmApi;
let tenant: WalmApi;
let tenantKube: KubeClient;
let records: ReturnType<typeof createRecordEditor>;

beforeAll(async () => {
  for (const name of [own, foreign, system]) await createNamespace(kube, name);
  await kube.create(`/api/v1/namespaces/${foreign}/configmaps`, { metadata: { name: 'theirs' } });
  const account = { namespace: own, name: 'admin' };
  const adminToken = await serviceAccountToken(kube, account);
  await allowEverywhere(kube, account, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const { token } = await makeTenant(kube, own);
  const file = join(folder, 'tenant.kubeconfig');
  writeFileSync(file, tokenKubeconfig(kubeconfig, token), { mode: 0o600 });
  tenantKube = createKubeClient(file);
  records = createRecordEditor(tenantKube);
  walm = await startGuardedWalm({ kube, kubeconfig, auditLog }, { systemNamespace: system });
  admin = createWalmApi(walm.server.url, adminToken);
  tenant = createWalmApi(walm.server.url, token);
  for (const name of ['db', 'feed']) {
    const body = { name, outputs: { round: 'values:round' } };
    await admin.mustInstall({ namespace: own, body, archive: provider });
  }
  await install('honest');
});
afterAll(async () => {
  await walm.stop();
  tenantKube.close();
  kube.close();
  rmSync(folder, { recursive: true, force: true });
});

const install = (name: string, from = 'db', api = admin, archive = client) =>
  api.mustInstall({ namespace: own, body: { name, dependencies: { db: from } }, archive });

async function upgrade(name: string, configValues: object): Promise<void> {
  const answer = await admin.upgrade({ namespace: own, body: { name, configValues } });
  expect(answer.status, answer.text).toBe(200);
}

let rounds = 0;
/** The provider publishes another value, and every dependent that may follow has followed. */
async function nextRound(): Promise<string> {
  const round = `round-${(rounds += 1)}`;
  await upgrade('db', { round });
  await eventually(async () => {
    expect((await admin.get(own, 'honest')).body.dependenciesConfigValues).toEqual({ db: { round } });
  });
  // Dependents that must not follow have been processed, too: both received the change at the same time.
  await untilQuiet(walm.server.url);
  return round;
}

const recordPath = (name: string, revision: number) => `${secretsIn}/sh.helm.release.v1.${name}.v${revision}`;
const payload = async (name: string, revision: number) => records.payloadOf(await records.read(own, name, revision));

/** What the tenant would like Walm to apply, and delete, in the name of the caller who made the release. */
function forged(made: RecordPayload, changes: object = {}): RecordPayload {
  const templates = Buffer.from(power).toString('base64');
  const chart = made['chart'] as object;
  return {
    ...made,
    config: { forged: true },
    chart: { ...chart, templates: [{ name: 'templates/got.yaml', data: templates }] },
    manifest: `${made.manifest}\n---\n# Source: client/templates/more.yaml\n${theirs}---\n# Source: client/templates/p.yaml\n${power}`,
    ...changes,
  };
}

const withStatus = (made: RecordPayload, status: string) => ({ ...(made['info'] as object), status });
const relabel = async (name: string, revision: number, labels: Record<string, string | null>) => {
  const { status } = await tenantKube.call('PATCH', recordPath(name, revision), { metadata: { labels } }, MERGE);
  expect(status).toBe(200);
};

/** Writes a Secret of any name that claims to be a record of the release. */
async function plant(secret: string, name: string, version: number, content: RecordPayload): Promise<void> {
  const packed = Buffer.from(gzipSync(JSON.stringify(content)).toString('base64')).toString('base64');
  await tenantKube.create(secretsIn, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret, labels: { name, owner: 'helm', status: 'deployed', version: String(version) } },
    type: 'helm.sh/release.v1',
    data: { release: packed },
  });
}

/** What the tenant does to a release that an administrator made, at revision 2. */
const moves: Record<string, (name: string) => Promise<void>> = {
  async 'copies the newest record byte for byte under a later number'(name) {
    const { data } = await records.read(own, name, 2);
    const labels = { name, owner: 'helm', status: 'deployed', version: '3' };
    const metadata = { name: `sh.helm.release.v1.${name}.v3`, labels };
    await tenantKube.create(secretsIn, { metadata, type: 'helm.sh/release.v1', data });
  },
  async 'forges a later revision with the seal of the newest'(name) {
    await records.write(own, name, 3, forged(await payload(name, 2), { version: 3 }));
  },
  async 'plants a second record of the same revision under a name like it'(name) {
    await plant(`sh.helm.release.v1.${name}.v02`, name, 2, forged(await payload(name, 2)));
  },
  async 'plants a later record under a name of its own'(name) {
    await plant(`anything-${name}`, name, 3, forged(await payload(name, 2), { version: 3 }));
  },
  async 'says by labels that another, forged revision is deployed'(name) {
    await records.write(own, name, 1, forged(await payload(name, 1)));
    await relabel(name, 1, { status: 'deployed' });
    await relabel(name, 2, { status: 'failed' });
  },
  async 'says in the records that another, forged revision is deployed'(name) {
    const [first, second] = [await payload(name, 1), await payload(name, 2)];
    await records.write(own, name, 1, forged(first, { info: withStatus(first, 'deployed') }));
    await records.write(own, name, 2, { ...second, info: withStatus(second, 'failed') });
  },
  async 'gives the newest record the number of another by its label'(name) {
    await records.write(own, name, 1, forged(await payload(name, 1)));
    await relabel(name, 2, { version: '1' });
  },
  async 'hides the newest record by taking its labels away'(name) {
    await records.write(own, name, 1, forged(await payload(name, 1)));
    await relabel(name, 2, { owner: null, name: null });
  },
  async 'edits the live ReleaseConfig'(name) {
    const path = `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${own}/releaseconfigs/${name}`;
    const spec = { configValues: { forged: true }, dependencies: { db: 'feed' }, outputConfig: { round: 'forged' } };
    const { status } = await tenantKube.call('PATCH', path, { spec }, MERGE);
    expect(status).toBe(200);
  },
  async 'exchanges the archive of the chart'() {
    const evil = buildChart('client', { 'templates/got.yaml': power }).bytes;
    const kept = await tenantKube.list(secretsIn);
    for (const { metadata, type } of kept.filter((secret) => secret['type'] === 'walm.io/chart.v1')) {
      await tenantKube.remove(`${secretsIn}/${metadata.name}`);
      const { name, labels } = metadata;
      await tenantKube.create(secretsIn, {
        metadata: { name, labels },
        type,
        data: { chunk: evil.toString('base64') },
      });
    }
  },
};

async function expectNoHarm(name: string): Promise<void> {
  expect((await kube.find(THEIRS))?.metadata.uid).toBe(uidOfTheirs);
  expect(await kube.find(PLANTED)).toBeUndefined();
  const live = await kube.find(`/api/v1/namespaces/${own}/configmaps/${name}`);
  expect(JSON.stringify(live)).toContain('its maker');
  expect(JSON.stringify(live)).not.toContain('forged');
}
let uidOfTheirs: string | undefined;

test.each(Object.entries(moves))('a tenant who %s gains nothing of its maker', async (what, move) => {
  uidOfTheirs ??= (await kube.find(THEIRS))?.metadata.uid;
  const name = `v${Object.keys(moves).indexOf(what)}`;
  await install(name);
  await upgrade(name, { by: 'its maker' });
  await move(name);
  await nextRound();
  await expectNoHarm(name);
  await nextRound();
  await expectNoHarm(name);
});

test('a chart that contains the seal of an administrator is sealed for the caller who installs it', async () => {
  const { version } = (await admin.get(own, 'honest')).body;
  const [seal = ''] = /^ {4}walm\.io\/seal: .*$/m.exec((await payload('honest', version)).manifest) ?? [];
  expect(seal).not.toBe('');
  const shipped =
    'apiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata:\n  name: "{{ .Release.Name }}"\n' +
    `  annotations:\n    walm.io/facts: v1\n${seal}\nspec: {dependencies: {db: db}}\n`;
  const archive = buildChart('ship', {
    'templates/rc.yaml': shipped,
    'templates/x.yaml': `${map}---\n{{ if hasPrefix "round-" ((.Values.db | default dict).round | default "") }}\n${power}{{ end }}\n`,
  }).bytes;
  await upgrade('feed', { round: 'still' });
  await install('ship', 'feed', tenant, archive);
  const { manifest } = await payload('ship', 1);
  expect(manifest).not.toContain(seal);
  await upgrade('feed', { round: 'round-of-feed' });
  await eventually(async () => {
    const { body } = await admin.get(own, 'ship');
    expect(body.notAllowed?.[0]?.reason).toMatch(/clusterrolebindings/);
  });
  expect(await kube.find(PLANTED)).toBeUndefined();
});

test('a provider whose record was edited, or recreated by plain Helm, gives nothing by itself', async () => {
  await upgrade('feed', { round: 'true' });
  await install('fed', 'feed');
  const revision = (await admin.get(own, 'feed')).body.version;
  const made = await payload('feed', revision);
  await records.write(own, 'feed', revision, { ...made, config: { round: 'forged' } });
  await eventually(async () => expect((await admin.get(own, 'feed')).body.sealed).toBe(false));
  await nextRound();
  const bare = made.manifest.replace(/---\n# Source: [^\n]*walm-release-config[\s\S]*$/, '');
  await records.write(own, 'feed', revision + 1, {
    ...made,
    config: { round: 'forged' },
    manifest: bare,
    version: revision + 1,
  });
  await nextRound();
  const { body } = await admin.get(own, 'fed');
  expect(body).toMatchObject({ version: 1, dependenciesConfigValues: { db: { round: 'true' } } });
});

/** Harmless until a provider publishes another value. */
const sleeper = (failing = false) =>
  buildChart('sleeper', {
    'templates/x.yaml': `${map}---
{{ if hasPrefix "wake" ((.Values.db | default dict).round | default "") }}
${power}{{ end }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  progressDeadlineSeconds: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}"}
      annotations: {${failing ? 'sandbox.walm.io/behaviour: image-pull-backoff' : 'note: none'}}
    spec: {containers: [{name: main, image: "registry.example/main:1"}]}
`,
  }).bytes;

test('an administrator who pauses and recovers the release of a tenant lends its chart nothing', async () => {
  await upgrade('feed', { round: 'quiet' });
  await install('sleeping', 'feed', tenant, sleeper());
  for (const change of ['pause', 'recover']) {
    const { status, text } = await admin.send('POST', `/api/v1/release/${own}/name/sleeping/${change}`);
    expect(status, text).toBe(200);
  }
  await upgrade('feed', { round: 'wake-1' });
  await eventually(async () => {
    const { body } = await admin.get(own, 'sleeping');
    expect(body.notAllowed?.[0]?.reason).toMatch(/clusterrolebindings/);
  });
  expect(await kube.find(PLANTED)).toBeUndefined();
});

test("a failed rollout of an administrator does not bring a tenant's revision back in their name", async () => {
  await upgrade('feed', { round: 'quiet' });
  const body = { name: 'returning', dependencies: { db: 'feed' }, onFailure: 'rollback' };
  await tenant.mustInstall({ namespace: own, body, archive: sleeper() });
  await eventually(async () => expect((await admin.get(own, 'returning')).body.ready).toBe(true));
  const answer = await admin.upgrade({ namespace: own, body: { name: 'returning' }, archive: sleeper(true) });
  expect(answer.status, answer.text).toBe(200);
  await eventually(async () => {
    const { body: seen } = await admin.get(own, 'returning');
    expect(seen).toMatchObject({ version: 2, notAllowed: [{ what: 'onFailure' }] });
    expect(seen.notAllowed?.[0]?.reason).toContain('another caller');
  });
  expect(await kube.find(PLANTED)).toBeUndefined();
});
