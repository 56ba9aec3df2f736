import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ClaimRemoval, ClaimRemovals } from '../../contract/schemas/cluster/claim-removal.ts';
import type { Tenant } from '../../contract/schemas/cluster/tenant.ts';
import type { TenantRemoval } from '../../contract/schemas/cluster/tenant-request.ts';
import type { TaintPreview } from '../../contract/schemas/cluster/node-change.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow, allowEverywhere, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [namespace, system] = ['changes', 'walm-changes'] as const;
const folder = mkdtempSync(join(tmpdir(), 'walm-changes-'));
const auditFile = join(folder, 'audit.jsonl');

/** A StatefulSet with a claim. */
const chart = buildChart('keeps', {
  'templates/set.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 1
  serviceName: none
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: web, image: "registry.example/web:1", volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {storageClassName: silver, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
}).bytes;

let server: WalmServer;
/** Has exactly the rights that the changes need, and `admin` all. */
let operator: WalmApi;
let admin: WalmApi;
/** May do everything in the namespace but these changes. */
let reader: WalmApi;

const send = (api: WalmApi, method: string, path: string, body?: object, query = {}): Promise<ApiAnswer> =>
  api.send(method, `/api/v1/${path}`, {
    query,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const mustDo = async (...request: Parameters<typeof send>): Promise<ApiAnswer> => {
  const answer = await send(...request);
  if (answer.status !== 200) throw new Error(`${request[2]}: ${answer.status} ${answer.text}`);
  return answer;
};
const refusal = async (...request: Parameters<typeof send>) => {
  const answer = await send(...request);
  return [answer.status, problemOf(answer).code];
};
const find = (path: string) => kube.find(`/api/v1/namespaces/${namespace}/${path}`);

beforeAll(async () => {
  await Promise.all([namespace, system].map((name) => createNamespace(kube, name)));
  const [adminToken, operatorToken, readerToken] = await Promise.all(
    ['admin', 'operator', 'reader'].map((name) => serviceAccountToken(kube, { namespace, name })),
  );
  await allowEverywhere(kube, { namespace, name: 'admin' }, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const core = (resources: string[], verbs: string[], resourceNames?: string[]) => ({
    apiGroups: [''],
    resources,
    verbs,
    ...(resourceNames && { resourceNames }),
  });
  await allow(kube, { namespace, name: 'operator' }, namespace, [
    core(['secrets'], ['create']),
    core(['secrets'], ['get', 'update', 'delete'], ['mine']),
    core(['persistentvolumeclaims'], ['list', 'delete']),
    core(['pods'], ['delete'], ['web-0', 'lonely']),
  ]);
  await allowEverywhere(kube, { namespace, name: 'operator' }, [core(['nodes'], ['patch'], ['sandbox-0'])]);
  await allow(kube, { namespace, name: 'reader' }, namespace, [core(['*'], ['get', 'list'])]);
  server = await startWalmServer({
    kubeconfig,
    flags: ['--auth-mode=kubernetes', `--kubernetes-system-namespace=${system}`, `--audit-file=${auditFile}`],
  });
  [admin, operator, reader] = [adminToken, operatorToken, readerToken].map((token) =>
    createWalmApi(server.url, token),
  ) as [WalmApi, WalmApi, WalmApi];
  await admin.mustInstall({ namespace, body: { name: 'web' }, archive: chart });
  await eventually(async () => {
    const { body } = await send(admin, 'GET', `pod/${namespace}/name/web-0`);
    if ((body as { phase?: string }).phase !== 'Running') throw new Error('web-0 does not run yet');
  });
});
afterAll(async () => {
  await server?.stop();
  kube.close();
  rmSync(folder, { recursive: true });
});

test('labels and annotations of a node are set and removed', async () => {
  await mustDo(operator, 'POST', 'node/sandbox-0/labels', { addLabels: { 'walm.io/tried': 'yes' } });
  await mustDo(operator, 'POST', 'node/sandbox-0/annotations', { addAnnotations: { 'walm.io/tried': 'ä' } });
  const { metadata } = (await kube.find('/api/v1/nodes/sandbox-0'))!;
  expect([metadata.labels?.['walm.io/tried'], metadata.annotations?.['walm.io/tried']]).toEqual(['yes', 'ä']);
  const removeLabels = ['walm.io/tried', 'walm.io/never-there'];
  expect((await mustDo(operator, 'POST', 'node/sandbox-0/labels', { removeLabels })).text).toBe('');
  await mustDo(operator, 'POST', 'node/sandbox-0/annotations', { removeAnnotations: removeLabels });
  expect((await kube.find('/api/v1/nodes/sandbox-0'))!.metadata.labels).not.toHaveProperty('walm.io/tried');
  const wrong = { addLabels: { fine: 'yes', 'not fine': 'no' } };
  expect(await refusal(operator, 'POST', 'node/sandbox-0/labels', wrong)).toEqual([422, 'LABEL_INVALID']);
  expect(await refusal(operator, 'POST', 'node/sandbox-1/labels', {})).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(admin, 'POST', 'node/none/labels', { addLabels: { a: 'b' } })).toEqual([404, 'NODE_NOT_FOUND']);
});

test('taints of a node are set and removed, and who would be evicted is told before', async () => {
  const path = 'node/sandbox-0/taints';
  const addTaints = [{ key: 'walm.io/tried', value: 'yes', effect: 'NoExecute' }];
  const preview = (await mustDo(admin, 'POST', path, { addTaints }, { dryrun: true })).body as TaintPreview;
  expect(preview.taints).toContainEqual({ key: 'walm.io/tried', value: 'yes', effect: 'NoExecute' });
  const on = (await kube.list('/api/v1/pods')) as unknown as { spec: { nodeName?: string } }[];
  expect((preview.evicted ?? []).length).toBeLessThanOrEqual(
    on.filter(({ spec }) => spec.nodeName === 'sandbox-0').length,
  );
  const mild = [{ key: 'walm.io/tried', effect: 'PreferNoSchedule' }];
  await mustDo(admin, 'POST', path, { addTaints: mild });
  const taints = async () =>
    ((await kube.find('/api/v1/nodes/sandbox-0'))!['spec'] as { taints?: object[] }).taints ?? [];
  expect(await taints()).toContainEqual(mild[0]);
  await mustDo(admin, 'POST', path, { removeTaints: [{ key: 'walm.io/tried' }] });
  expect(await taints()).not.toContainEqual(mild[0]);
  // It may patch the node, but not get it.
  expect(await refusal(operator, 'POST', path, { addTaints: mild })).toEqual([403, 'FORBIDDEN']);
});

test('a Secret is made, gets other values, and is deleted', async () => {
  const at = `secret/${namespace}`;
  await mustDo(operator, 'POST', at, { name: 'mine', data: { a: 'aGVsbG8=' }, stringData: { b: 'text' } });
  expect(await refusal(operator, 'POST', at, { name: 'mine' })).toEqual([409, 'SECRET_EXISTS']);
  await mustDo(operator, 'PUT', at, { name: 'mine', data: { a: '***' }, stringData: { c: 'new' } });
  expect((await find('secrets/mine'))?.['data']).toEqual({ a: 'aGVsbG8=', c: 'bmV3' });
  const unknown = await send(operator, 'POST', at, { name: 'other', dataa: {} });
  expect([unknown.status, (unknown.body as { warnings: { code: string }[] }).warnings[0]?.code]).toEqual([
    200,
    'FIELD_UNKNOWN',
  ]);
  expect(await refusal(operator, 'PUT', at, { name: 'other' })).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(admin, 'PUT', at, { name: 'none' })).toEqual([404, 'SECRET_NOT_FOUND']);
  expect(await refusal(operator, 'POST', at, { name: 'bad', data: { a: '***' } })).toEqual([
    422,
    'SECRET_DATA_INVALID',
  ]);
  await mustDo(operator, 'DELETE', `${at}/name/mine`);
  expect(await find('secrets/mine')).toBeUndefined();
  expect(await refusal(admin, 'DELETE', `${at}/name/mine`)).toEqual([404, 'SECRET_NOT_FOUND']);
  await mustDo(admin, 'DELETE', `${at}/name/mine`, undefined, { ignoreNotFound: true });
});

test('Secrets of Helm and Walm are made, changed and deleted by nobody', async () => {
  const record = 'sh.helm.release.v1.web.v1';
  const reserved = [422, 'SECRET_RESERVED'];
  const forged = { name: 'sh.helm.release.v1.web.v9', type: 'helm.sh/release.v1', data: { release: '' } };
  expect(await refusal(admin, 'POST', `secret/${namespace}`, forged)).toEqual(reserved);
  expect(await refusal(admin, 'PUT', `secret/${namespace}`, { name: record })).toEqual(reserved);
  expect(await refusal(admin, 'DELETE', `secret/${namespace}/name/${record}`)).toEqual(reserved);
  for (const [method, path] of [
    ['POST', `secret/${system}`],
    ['PUT', `secret/${system}`],
    ['DELETE', `secret/${system}/name/walm-seal-key`],
    ['DELETE', `pvc/${system}/name/none`],
    ['POST', `pod/${system}/name/none/restart`],
  ] as const) {
    const body = path === `secret/${system}` ? { name: 'walm-seal-key' } : undefined;
    expect(await refusal(admin, method, path, body)).toEqual([422, 'NAMESPACE_RESERVED']);
  }
});

test('claims in use stay, and others go with their data', async () => {
  const used = await send(operator, 'DELETE', `pvc/${namespace}/name/data-web-0`);
  // It may not list pods and StatefulSets.
  expect(problemOf(used)).toMatchObject({
    code: 'CLAIM_IN_USE',
    errMessage: `failed to delete pvc : pvc ${namespace}/data-web-0 can not be deleted, it is still used`,
  });
  const told = await send(admin, 'DELETE', `pvc/${namespace}/name/data-web-0`);
  expect([told.status, problemOf(told).errMessage]).toEqual([
    409,
    `failed to delete pvc : pvc ${namespace}/data-web-0 can not be deleted, it is still used by statefulsets [${namespace}/web]`,
  ]);
  for (const name of ['old-1', 'old-2', 'kept']) {
    await kube.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name, labels: { age: name.replace(/-.*/, '') } },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
  }
  await eventually(async () => {
    const { body } = await send(admin, 'DELETE', `pvc/${namespace}/name/kept`, undefined, { dryrun: true });
    expect(body as ClaimRemoval).toMatchObject({ name: 'kept', outcome: 'planned', release: null, usedBy: [] });
  });
  const query = { labelselector: 'age!=kept' };
  const planned = await mustDo(admin, 'DELETE', `pvc/${namespace}`, undefined, { ...query, dryrun: true });
  expect(planned.body as ClaimRemovals).toMatchObject({ num: 3, failed: 1 });
  const done = (await mustDo(operator, 'DELETE', `pvc/${namespace}`, undefined, query)).body as ClaimRemovals;
  expect(done.items.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['data-web-0', 'failed'],
    ['old-1', 'deleted'],
    ['old-2', 'deleted'],
  ]);
  // A finalizer of Kubernetes keeps them until it has seen that no pod mounts them.
  const left = await kube.list(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
  const staying = left.filter(({ metadata }) => !('deletionTimestamp' in metadata));
  expect(staying.map(({ metadata }) => metadata.name)).toEqual(['data-web-0', 'kept']);
  expect(await refusal(operator, 'DELETE', `pvc/${namespace}`)).toEqual([400, 'QUERY_INVALID']);
  expect(await refusal(reader, 'DELETE', `pvc/${namespace}`, undefined, query)).toEqual([403, 'FORBIDDEN']);
  await mustDo(operator, 'DELETE', `pvc/${namespace}/name/kept`);
});

test('a pod comes back, and one that would not is kept', async () => {
  const before = (await find('pods/web-0'))!.metadata.uid;
  await mustDo(operator, 'POST', `pod/${namespace}/name/web-0/restart`, undefined);
  await eventually(async () => {
    const now = (await find('pods/web-0'))?.metadata.uid;
    if (now === undefined || now === before) throw new Error('web-0 is not a new one yet');
  });
  await kube.create(`/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name: 'lonely' },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  });
  await eventually(async () => {
    expect(await refusal(operator, 'POST', `pod/${namespace}/name/lonely/restart`, undefined)).toEqual([
      409,
      'POD_UNMANAGED',
    ]);
  });
  await mustDo(operator, 'POST', `pod/${namespace}/name/lonely/restart`, undefined, { force: true });
  expect(await refusal(reader, 'POST', `pod/${namespace}/name/web-0/restart`, undefined)).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(admin, 'POST', `pod/${namespace}/name/none/restart`, undefined)).toEqual([404, 'POD_NOT_FOUND']);
});

test('a tenant is made, changed, and deleted with its releases', async () => {
  const tenant = 'changes-tenant';
  const quota = { quotaName: 'q', hard: { limitCpu: '4' }, others: { 'count/services': '5' } };
  await mustDo(admin, 'POST', `tenant/${tenant}`, { tenantLabels: { l: '1' }, tenantQuotas: [quota] });
  const shown = async () => (await mustDo(admin, 'GET', `tenant/${tenant}`)).body as Tenant;
  expect(await shown()).toMatchObject({
    tenantLabels: { l: '1', 'multi-tenant': `tenant-tiller-${tenant}` },
    tenantQuotas: [{ quotaName: 'q', hard: { limitCpu: '4', pods: '' }, others: { 'count/services': { hard: '5' } } }],
  });
  expect(await kube.find(`/api/v1/namespaces/${tenant}/limitranges/walm-default-limitrange`)).toBeDefined();
  expect(await refusal(admin, 'POST', `tenant/${tenant}`, {})).toEqual([409, 'TENANT_EXISTS']);
  const changed = { tenantLabels: { l: '2' }, tenantQuotas: [{ quotaName: 'new', hard: { pods: '9' } }] };
  await mustDo(admin, 'PUT', `tenant/${tenant}`, changed, { removeQuotas: true });
  expect(await shown()).toMatchObject({
    tenantLabels: { l: '2', 'kubernetes.io/metadata.name': tenant, 'multi-tenant': `tenant-tiller-${tenant}` },
    tenantQuotas: [{ quotaName: 'new', hard: { limitCpu: '', pods: '9' } }],
  });
  await admin.mustInstall({ namespace: tenant, body: { name: 'provider' }, archive: chart });
  const depends = { name: 'dependent', dependencies: { keeps: 'provider' } };
  await admin.mustInstall({ namespace: tenant, body: depends, archive: chart, query: { waitReady: false } });
  const { body } = await mustDo(admin, 'DELETE', `tenant/${tenant}`, undefined, { dryrun: true });
  expect(body as TenantRemoval).toMatchObject({ releases: ['dependent', 'provider'], claims: expect.any(Array) });
  await mustDo(admin, 'DELETE', `tenant/${tenant}`);
  await eventually(async () => {
    const found = (await kube.find(`/api/v1/namespaces/${tenant}`))?.metadata as
      | { deletionTimestamp?: string }
      | undefined;
    expect(found === undefined || found.deletionTimestamp !== undefined).toBe(true);
    expect((await admin.list(tenant)).body.items).toEqual([]);
  });
});

test('tenants are made and deleted by who may, and a creation that fails leaves nothing', async () => {
  expect(await refusal(operator, 'POST', 'tenant/changes-none', {})).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(operator, 'DELETE', `tenant/${namespace}`)).toEqual([403, 'FORBIDDEN']);
  // The cluster knows that this limit is none, Walm does not.
  const wrong = { tenantQuotas: [{ quotaName: 'q', others: { 'limits.nothing': '1' } }] };
  const refused = await send(admin, 'POST', 'tenant/changes-none', wrong);
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'ADMISSION_REFUSED']);
  const left = (await kube.find('/api/v1/namespaces/changes-none'))?.metadata as
    | { deletionTimestamp?: string }
    | undefined;
  expect(left?.deletionTimestamp ?? 'gone').toEqual(expect.any(String));
  for (const reserved of ['default', 'kube-system']) {
    expect(await refusal(admin, 'DELETE', `tenant/${reserved}`)).toEqual([422, 'TENANT_RESERVED']);
  }
  expect(await refusal(admin, 'DELETE', `tenant/${system}`)).toEqual([422, 'NAMESPACE_RESERVED']);
  expect(await refusal(admin, 'DELETE', 'tenant/nowhere-at-all')).toEqual([404, 'TENANT_NOT_FOUND']);
});

test('every change is in the audit log, by what it was about', async () => {
  const lines = () =>
    readFileSync(auditFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
  const who = `system:serviceaccount:${namespace}:operator`;
  await eventually(() => {
    for (const line of [
      { what: 'labelNode', node: 'sandbox-0', result: 'succeeded' },
      { what: 'createSecret', namespace, secret: 'mine', result: 'succeeded' },
      { what: 'updateSecret', secret: 'other', result: 'refused', code: 'FORBIDDEN' },
      { what: 'deleteClaim', claim: 'data-web-0', result: 'refused', code: 'CLAIM_IN_USE' },
      { what: 'restartPod', pod: 'lonely', result: 'succeeded' },
    ]) {
      expect(lines()).toContainEqual(expect.objectContaining({ who, ...line }));
    }
  });
  expect(readFileSync(auditFile, 'utf8')).not.toMatch(/aGVsbG8=|"release":"mine"/);
});
