import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { BulkResult } from '../../contract/operations/bulk-operations.ts';
import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createRecordEditor } from '../harness/clients/helm-record.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { allowEverywhere, serviceAccountToken, tokenKubeconfig } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant } from '../harness/trust/tenant.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, auditLog } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [own, other, system] = ['people-own', 'people-other', 'people-walm'] as const;
const ADMIN = `system:serviceaccount:${other}:admin`;
const PLANTED = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/people-planted';

const power =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: people-planted}\n' +
  'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n' +
  `subjects: [{kind: ServiceAccount, name: tenant, namespace: ${own}}]\n`;
const map =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n';
const plain = buildChart('plain', { 'values.yaml': 'round: one\n', 'templates/x.yaml': map }).bytes;
const workload = buildChart('web', {
  'values.yaml': 'behaviour: ""\nround: one\n',
  'templates/web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}"}
      annotations:
        round: "{{ .Values.round }}"
        {{ with .Values.behaviour }}sandbox.walm.io/behaviour: {{ . }}{{ end }}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`,
}).bytes;

const folder = mkdtempSync(join(tmpdir(), 'walm-people-'));
let walm: GuardedWalm;
let admin: WalmApi;
let tenant: WalmApi;
let tenantKube: KubeClient;
let records: ReturnType<typeof createRecordEditor>;

beforeAll(async () => {
  for (const name of [own, other, system]) await createNamespace(kube, name);
  const account = { namespace: other, name: 'admin' };
  const adminToken = await serviceAccountToken(kube, account);
  await allowEverywhere(kube, account, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const { token } = await makeTenant(kube, own);
  const file = join(folder, 'tenant.kubeconfig');
  writeFileSync(file, tokenKubeconfig(kubeconfig, token), { mode: 0o600 });
  tenantKube = createKubeClient(file);
  records = createRecordEditor(tenantKube);
  const options = { systemNamespace: system, flags: ['--rollout-deadline-sec=2'] };
  walm = await startGuardedWalm({ kube, kubeconfig, auditLog }, options);
  admin = createWalmApi(walm.server.url, adminToken);
  tenant = createWalmApi(walm.server.url, token);
});
afterAll(async () => {
  await walm.stop();
  tenantKube.close();
  kube.close();
  rmSync(folder, { recursive: true, force: true });
});

const seen = (name: string, expected: object): Promise<ReleaseInfo> =>
  eventually(async () => {
    const { body } = await admin.get(own, name);
    expect(body).toMatchObject(expected);
    return body;
  });
async function upgrade(name: string, configValues: object): Promise<void> {
  const answer = await admin.upgrade({ namespace: own, body: { name, configValues } });
  expect(answer.status, answer.text).toBe(200);
}
const payload = async (name: string, revision: number) => records.payloadOf(await records.read(own, name, revision));

describe('what a failed rollout goes back to', () => {
  test('is not an edited revision', async () => {
    await admin.mustInstall({ namespace: own, body: { name: 'web', onFailure: 'rollback' }, archive: workload });
    await seen('web', { ready: true, version: 1 });
    const made = await payload('web', 1);
    const manifest = `${made.manifest}\n---\n# Source: web/templates/p.yaml\n${power}`;
    await records.write(own, 'web', 1, { ...made, manifest });
    await seen('web', { sealed: false });
    await upgrade('web', { behaviour: 'image-pull-backoff', round: 'two' });
    const { notAllowed } = await eventually(async () => {
      const { body } = await admin.get(own, 'web');
      expect(body.notAllowed?.[0]).toMatchObject({ what: 'onFailure' });
      return body;
    });
    expect(notAllowed?.[0]?.reason).toContain('revision 1, the target of the rollback, is not sealed');
    await untilQuiet(walm.server.url);
    expect((await admin.get(own, 'web')).body).toMatchObject({ version: 2, sealed: true, ready: false });
    expect(await kube.find(PLANTED)).toBeUndefined();
  });

  test("is one of the same maker: no rollback happens in another caller's name", async () => {
    await tenant.mustInstall({ namespace: own, body: { name: 'mixed', onFailure: 'rollback' }, archive: workload });
    await seen('mixed', { ready: true, version: 1 });
    await upgrade('mixed', { behaviour: 'image-pull-backoff', round: 'two' });
    await eventually(async () => {
      const { body } = await admin.get(own, 'mixed');
      expect(body.notAllowed?.[0]).toMatchObject({ what: 'onFailure' });
    });
    await untilQuiet(walm.server.url);
    expect((await admin.get(own, 'mixed')).body).toMatchObject({ version: 2, ready: false });
  });
});

describe('adoption of many', () => {
  /** Releases as a version of Walm without seals left them. */
  async function withoutSeals(...names: string[]): Promise<void> {
    for (const name of names) {
      const body = { name, releaseLabels: { age: 'old' }, dependencies: { db: 'db' } };
      await tenant.mustInstall({ namespace: own, body, archive: plain });
      const made = await payload(name, 1);
      const manifest = made.manifest.replace(/^ {4}walm\.io\/seal: .*\n/m, '');
      await records.write(own, name, 1, { ...made, manifest });
      await seen(name, { sealed: false });
    }
  }
  const adopt = async (api: WalmApi, query: object = {}) => {
    const all = { labelselector: 'age=old', namespace: own, ...query };
    return api.send('POST', '/api/v1/bulk/adopt', { query: all });
  };
  const makerOf = async (name: string) => {
    const { body } = await admin.send('GET', `/api/v1/release/${own}/name/${name}/history`);
    return (body as { items: { caller: string | null }[] }).items[0]?.caller;
  };

  test('by an administrator seals in their name, and Walm acts on it again', async () => {
    const body = { name: 'db', outputs: { round: 'values:round' } };
    await admin.mustInstall({ namespace: own, body, archive: plain });
    await withoutSeals('old1', 'old2');
    await upgrade('db', { round: 'two' });
    await untilQuiet(walm.server.url);
    for (const name of ['old1', 'old2']) expect((await admin.get(own, name)).body.version).toBe(1);

    const preview = await adopt(admin, { dryrun: true });
    expect((preview.body as BulkResult).items.map(({ name }) => name).toSorted()).toEqual(['old1', 'old2']);
    for (const name of ['old1', 'old2']) expect((await admin.get(own, name)).body.sealed).toBe(false);
    const adopted = await adopt(admin);
    expect(adopted.status, adopted.text).toBe(200);
    for (const name of ['old1', 'old2'])
      await seen(name, { sealed: true, dependenciesConfigValues: { db: { round: 'two' } } });
    for (const name of ['old1', 'old2']) expect(await makerOf(name)).toBe(ADMIN);
    await upgrade('db', { round: 'three' });
    for (const name of ['old1', 'old2'])
      await seen(name, { sealed: true, dependenciesConfigValues: { db: { round: 'three' } } });
  });

  test('reaches what the caller may change, and nothing else', async () => {
    await admin.mustInstall({
      namespace: other,
      body: { name: 'theirs', releaseLabels: { age: 'old' } },
      archive: plain,
    });
    const everywhere = await tenant.send('POST', '/api/v1/bulk/adopt', { query: { labelselector: 'age=old' } });
    const names =
      everywhere.status === 200 ? (everywhere.body as BulkResult).items.map(({ namespace }) => namespace) : [];
    expect(names).not.toContain(other);
    const there = await adopt(tenant, { namespace: other });
    expect(there.status === 403 || (there.body as BulkResult).items.length === 0, there.text).toBe(true);
    expect((await admin.get(other, 'theirs')).body.version).toBe(1);
  });
});
