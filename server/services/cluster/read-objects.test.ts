import { describe, expect, test } from 'vitest';
import { kubeObject, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createMemoryObjectReader } from '../../adapters/memory/objects/object-reader.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { callerOf } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { createMasker } from '../../domain/masking/masker.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { createShowOfRelease } from './hide-release-secrets.ts';
import { createReadClaims } from './read-claims.ts';
import { createReadNodes } from './read-nodes.ts';
import { createReadPods } from './read-pods.ts';
import { createReadSecrets } from './read-secrets.ts';
import { createReadStorageClasses } from './read-storage-classes.ts';
import { createReadTenants } from './read-tenants.ts';

const ann = callerOf({ user: 'ann', groups: [] });
const reading = { as: ann, signal: new AbortController().signal };
const all = { sort: 'name' };
const OF_WEB = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'demo' };
const nothingAllowed = { ...everythingAllowed, may: () => Promise.resolve(false) };

/** An object of the cluster that is in no namespace. */
function clusterObject(
  apiVersion: string,
  kind: string,
  name: string,
  body: KubeObject['spec'],
  metadata = {},
): KubeObject {
  const { namespace: _none, ...own } = kubeObject(apiVersion, kind, name, body as never, metadata).metadata;
  return { ...kubeObject(apiVersion, kind, name, body as never), metadata: own };
}

const set = kubeObject('apps/v1', 'StatefulSet', 'web', { spec: { replicas: 1 } }, { annotations: OF_WEB });
const resources = { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '1' } };
const spec: JsonObject = {
  nodeName: 'n1',
  containers: [{ name: 'app', resources }, { name: 'sidecar' }],
  volumes: [{ persistentVolumeClaim: { claimName: 'data-web-0' } }],
};
const running = pod('web-0', set, READY_POD, spec);
const ended = pod('web-done', set, { phase: 'Succeeded' }, spec);
const secretive = kubeObject(
  'v1',
  'Pod',
  'web-1',
  { spec: {}, status: { phase: 'Pending' } },
  { annotations: { ...OF_WEB, note: 'the hunter2secret one' } },
);

async function stage(...objects: KubeObject[]) {
  const live = createMemoryLiveObjects();
  [set, running, ended, secretive].forEach((object) => live.put(object));
  const cache = createMemoryReleaseCache();
  const revision = recordedRevision({ releaseConfig: releaseConfig({}) });
  const record = toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated });
  await cache.put({ ...record, masker: createMasker([{ text: 'hunter2secret' }]) });
  const showOfRelease = createShowOfRelease({ cache, live });
  return { live, reader: createMemoryObjectReader(objects), showOfRelease, clock: createManualClock() };
}

describe('nodes', () => {
  const node = (name: string) =>
    clusterObject('v1', 'Node', name, {
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
      status: {
        capacity: { cpu: '8', memory: '16Gi', pods: '110' },
        allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });

  test('say what pods take of them that have not ended', async () => {
    const nodes = createReadNodes({ ...(await stage(node('n1'))), seesAllPods: true });
    expect(await nodes.getNode('n1', reading)).toMatchObject({
      name: 'n1',
      state: { status: 'Ready' },
      nodeIp: '10.0.0.1',
      requestsAllocated: { cpu: '250m', memory: '64Mi', 'nvidia.com/gpu': '0' },
      limitsAllocated: { cpu: '1', memory: '0', 'nvidia.com/gpu': '0' },
      unifyUnitResourceInfo: { capacity: { cpu: 8, memory: 16384 }, requestsAllocated: { cpu: 0.25, memory: 64 } },
      pods: { running: 1, capacity: 110 },
      taints: [{ key: 'a', value: '', effect: 'NoSchedule' }],
    });
    await expect(nodes.getNode('n2', reading)).rejects.toMatchObject({ code: 'NODE_NOT_FOUND' });
  });

  test('are ordered by what is taken, page by page', async () => {
    const nodes = createReadNodes({ ...(await stage(node('n2'), node('n1'), node('n0'))), seesAllPods: true });
    const first = await nodes.listNodes({ sort: '-cpu', limit: 1 }, reading);
    expect(first).toMatchObject({ num: 1, total: 3, items: [{ name: 'n1' }] });
    const rest = await nodes.listNodes({ sort: '-cpu', continue: first.continue }, reading);
    expect(rest.items.map(({ name }) => name)).toEqual(['n0', 'n2']);
    expect((await nodes.listNodes({ sort: 'name', q: '2' }, reading)).items.map(({ name }) => name)).toEqual(['n2']);
  });

  test('say nothing of what is taken where not all pods are seen', async () => {
    const nodes = createReadNodes({ ...(await stage(node('n1'))), seesAllPods: false });
    expect(await nodes.getNode('n1', reading)).toMatchObject({ requestsAllocated: null, pods: { running: null } });
  });
});

describe('pods', () => {
  const event = (name: string, at: string, uid = 'Pod/web-1') =>
    kubeObject('v1', 'Event', name, {
      involvedObject: { name: 'web-1', uid },
      type: 'Warning',
      reason: 'BackOff',
      message: 'of hunter2secret',
      source: { component: 'kubelet', host: 'n1' },
      count: 2,
      lastTimestamp: at,
    });
  const events = [event('b', '2026-01-01T00:00:02Z'), event('a', '2026-01-01T00:00:01Z'), event('c', '', 'other')];

  test('are listed with their release, and without its secrets', async () => {
    const pods = createReadPods({ ...(await stage()), inGoWords: false });
    const { items, num, total } = await pods.listPods('demo', all);
    expect([num, total, items.map(({ name, release, node }) => [name, release, node])]).toEqual([
      3,
      3,
      [
        ['web-0', 'web', 'n1'],
        ['web-1', 'web', ''],
        ['web-done', 'web', 'n1'],
      ],
    ]);
    expect(items[1]?.annotations).toMatchObject({ note: 'the *** one' });
    const named = async (filter: object) =>
      (await pods.listPods('demo', { ...all, ...filter })).items.map(({ name }) => name);
    expect(await named({ phase: 'Succeeded' })).toEqual(['web-done']);
    expect(await named({ node: 'n1', q: '0' })).toEqual(['web-0']);
    expect(await named({ release: 'other' })).toEqual([]);
    await expect(pods.getPod('demo', 'none')).rejects.toMatchObject({ code: 'POD_NOT_FOUND' });
  });

  test('that Helm did not mark, as those of hooks, show no secret of any release of the namespace', async () => {
    const ofHook = pod('run-hunter2secret-x1', kubeObject('batch/v1', 'Job', 'run-hunter2secret', {}), {}, spec);
    const parts = await stage();
    parts.live.put(ofHook);
    const pods = createReadPods({ ...parts, inGoWords: false });
    const { items } = await pods.listPods('demo', all);
    expect(items.map(({ name, release }) => [name, release])).toContainEqual(['run-***-x1', null]);
  });

  test('have their events, the newest last, without secrets', async () => {
    const pods = createReadPods({ ...(await stage(...events)), inGoWords: false });
    const told = { from: 'kubelet, n1', count: 2, message: 'of ***' };
    expect(await pods.listPodEvents('demo', 'web-1', reading)).toMatchObject({
      events: [
        { ...told, lastTimestamp: '2026-01-01T00:00:01Z' },
        { ...told, lastTimestamp: '2026-01-01T00:00:02Z' },
      ],
    });
    await expect(pods.listPodEvents('demo', 'none', reading)).rejects.toMatchObject({ code: 'POD_NOT_FOUND' });
  });

  test("tell times in Go's words for clients of the original", async () => {
    const pods = createReadPods({ ...(await stage(...events)), inGoWords: true });
    const { events: told } = await pods.listPodEvents('demo', 'web-1', reading);
    expect(told[0]?.lastTimestamp).toBe('2026-01-01 00:00:01 +0000 UTC');
  });
});

describe('Secrets', () => {
  const b64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');
  const login = kubeObject('v1', 'Secret', 'login', {
    type: 'Opaque',
    data: { user: b64('ann'), key: b64(Buffer.from([0xff, 0xfe])) },
  });
  const record = kubeObject('v1', 'Secret', 'sh.helm.release.v1.web.v1', {
    type: 'helm.sh/release.v1',
    data: { release: b64('H4sI') },
  });
  const kept = kubeObject('v1', 'Secret', 'kept', { type: 'walm.io/anything', data: { a: b64('b') } });
  const secretsOf = async () =>
    createReadSecrets({ reader: (await stage(login, record, kept)).reader, systemNamespace: 'walm-system' });

  test('are listed without values, and without those of Helm and Walm unless asked for', async () => {
    const secrets = await secretsOf();
    const own = await secrets.listSecrets('demo', { ...all, internal: false }, reading);
    expect(own).toMatchObject({
      num: 1,
      items: [{ name: 'login', data: { user: '***', key: '***' }, base64Keys: [] }],
    });
    const every = await secrets.listSecrets('demo', { ...all, internal: true }, reading);
    expect(every.items.map(({ name }) => name)).toEqual(['kept', 'login', 'sh.helm.release.v1.web.v1']);
    expect(every.items.flatMap(({ data }) => Object.values(data))).toEqual(['***', '***', '***', '***']);
  });

  test('have values one by one, except those of Helm and Walm', async () => {
    const secrets = await secretsOf();
    const shown = await secrets.getSecret('demo', 'login', reading);
    expect([shown.data, shown.base64Keys]).toEqual([{ user: 'ann', key: b64(Buffer.from([0xff, 0xfe])) }, ['key']]);
    for (const name of ['sh.helm.release.v1.web.v1', 'kept']) {
      expect(Object.values((await secrets.getSecret('demo', name, reading)).data)).toEqual(['***']);
    }
    await expect(secrets.getSecret('demo', 'none', reading)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
  });

  test("of Walm's own namespace are shown to nobody", async () => {
    const secrets = await secretsOf();
    const refused = { code: 'NAMESPACE_RESERVED' };
    await expect(secrets.getSecret('walm-system', 'walm-seal-key', reading)).rejects.toMatchObject(refused);
    await expect(
      secrets.listSecrets('walm-system', { ...all, internal: true }, { ...reading, as: null }),
    ).rejects.toMatchObject(refused);
  });

  test('more than can be read are refused', async () => {
    const many = Array.from({ length: 20_001 }, (_, at) => kubeObject('v1', 'Secret', `s${at}`, { type: 'Opaque' }));
    const secrets = createReadSecrets({ reader: createMemoryObjectReader(many), systemNamespace: 'walm-system' });
    await expect(secrets.listSecrets('demo', { ...all, internal: false }, reading)).rejects.toMatchObject({
      code: 'TOO_MANY_OBJECTS',
    });
  });
});

describe('claims', () => {
  const claim = kubeObject('v1', 'PersistentVolumeClaim', 'data-web-0', {
    spec: { storageClassName: 'silver', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Bound', capacity: { storage: '2Gi' } },
  });

  test('say who uses them, and whose they are', async () => {
    const claims = createReadClaims({ ...(await stage(claim)), authorization: everythingAllowed });
    const shown = { name: 'data-web-0', storageClass: 'silver', capacity: '2Gi', requested: '1Gi', release: 'web' };
    expect(await claims.listClaims('demo', all, reading)).toMatchObject({
      num: 1,
      items: [{ ...shown, usedBy: ['web-0', 'web-done'] }],
    });
    expect(await claims.getClaim('demo', 'data-web-0', reading)).toMatchObject(shown);
    await expect(claims.getClaim('demo', 'none', reading)).rejects.toMatchObject({ code: 'CLAIM_NOT_FOUND' });
  });

  test('do not name pods to who may not list pods', async () => {
    const claims = createReadClaims({ ...(await stage(claim)), authorization: nothingAllowed });
    expect(await claims.getClaim('demo', 'data-web-0', reading)).toMatchObject({ usedBy: null });
  });
});

test('storage classes say which is the default', async () => {
  const silver = clusterObject(
    'storage.k8s.io/v1',
    'StorageClass',
    'silver',
    { provisioner: 'x.y/z', reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', parameters: { a: 'b' } },
    { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  );
  const classes = createReadStorageClasses({ reader: createMemoryObjectReader([silver]) });
  expect(await classes.listStorageClasses(all, reading)).toMatchObject({
    num: 1,
    items: [{ name: 'silver', provisioner: 'x.y/z', isDefault: true, parameters: { a: 'b' } }],
  });
  expect(await classes.getStorageClass('silver', reading)).toMatchObject({ allowVolumeExpansion: false });
  await expect(classes.getStorageClass('gold', reading)).rejects.toMatchObject({ code: 'STORAGE_CLASS_NOT_FOUND' });
  await expect(classes.listStorageClasses({ ...all, labelselector: '!!a' }, reading)).rejects.toMatchObject({
    code: 'QUERY_INVALID',
  });
});

describe('tenants', () => {
  const namespace = clusterObject(
    'v1',
    'Namespace',
    'demo',
    { status: { phase: 'Active' } },
    { labels: { 'multi-tenant': 'tenant-tiller-demo' }, creationTimestamp: '2026-11-22T16:41:50Z' },
  );
  const quota = kubeObject('v1', 'ResourceQuota', 'q', {
    spec: { hard: { 'limits.cpu': '4', 'limits.memory': '8Gi', 'count/services': '5' } },
    status: { used: { 'limits.cpu': '500m', 'count/services': '1' } },
  });
  const reader = createMemoryObjectReader([namespace, quota]);

  test('have their quotas as texts and as numbers', async () => {
    const tenants = createReadTenants({ reader, authorization: everythingAllowed, inGoWords: false });
    const tenant = await tenants.getTenant('demo', reading);
    expect(tenant).toMatchObject({
      tenantName: 'demo',
      tenantStatus: 'Active',
      multiTenant: true,
      ready: true,
      tenantQuotas: [
        {
          quotaName: 'q',
          hard: { limitCpu: '4', limitMemory: '8Gi', pods: '' },
          used: { limitCpu: '500m' },
          others: { 'count/services': { hard: '5', used: '1' } },
        },
      ],
      unifyUnitTenantQuotas: [{ hard: { limitCpu: 4, limitMemory: 8192, pods: 0 }, used: { limitCpu: 0.5 } }],
    });
    expect((await tenants.listTenants(all, reading)).items).toEqual([tenant]);
    await expect(tenants.getTenant('none', reading)).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
  });

  test('hide quotas from who may not list them', async () => {
    const tenants = createReadTenants({ reader, authorization: nothingAllowed, inGoWords: false });
    const hidden = { tenantQuotas: null, unifyUnitTenantQuotas: null };
    expect(await tenants.getTenant('demo', reading)).toMatchObject(hidden);
    expect((await tenants.listTenants(all, reading)).items).toMatchObject([hidden]);
  });

  test("are told in Go's words to clients of the original", async () => {
    const tenants = createReadTenants({ reader, authorization: everythingAllowed, inGoWords: true });
    expect(await tenants.getTenant('demo', reading)).toMatchObject({
      tenantCreationTime: '2026-11-22 16:41:50 +0000 UTC',
      tenantStatus: '&NamespaceStatus{Phase:Active,}',
    });
  });
});
