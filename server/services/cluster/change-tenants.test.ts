import { describe, expect, test } from 'vitest';
import { kubeObject } from '../../../test/harness/clients/kube-objects.ts';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createMemoryObjectReader } from '../../adapters/memory/objects/object-reader.ts';
import { createMemoryObjectWriter, type Judge } from '../../adapters/memory/objects/object-writer.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { callerOf } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { DeleteInput } from '../tasks/release-mutation.ts';
import { createChangeTenants } from './change-tenants.ts';
import { createRemoveTenant } from './remove-tenant.ts';

const ann = callerOf({ user: 'ann', groups: [] });
const reading = { as: ann, signal: new AbortController().signal };
const byDefault = { ignoreExisting: false, limitRange: true };

const namespace = (name: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, uid: `uid-of-${name}`, resourceVersion: '1', ...metadata },
  status: { phase: 'Active' },
});

function stage(given: readonly KubeObject[], judge?: Judge) {
  const objects = [...given];
  const asked: string[] = [];
  const authorization = {
    ...everythingAllowed,
    demand: async (_: unknown, questions: readonly { verb: string; resource: string; namespace: string }[]) => {
      asked.push(...questions.map(({ verb, resource, namespace: at }) => `${verb} ${resource} ${at}`));
    },
  };
  const writer = createMemoryObjectWriter(objects, judge);
  const parts = { reader: createMemoryObjectReader(objects), writer, authorization };
  const names = () => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return { ...parts, objects, asked, names, ...createChangeTenants(parts) };
}

describe('a tenant', () => {
  test('is a namespace with the quotas that are named, and default limits', async () => {
    const { createTenant, objects, asked, names } = stage([]);
    const request = {
      tenantLabels: { l: '1' },
      tenantAnnotations: { a: 'b' },
      tenantQuotas: [{ quotaName: 'q', hard: { limitCpu: '4', pods: '' }, others: { 'count/services': '5' } }],
    };
    await createTenant('t3', request, byDefault, reading);
    expect(names()).toEqual(['Namespace t3', 'ResourceQuota q', 'LimitRange walm-default-limitrange']);
    expect(objects).toMatchObject([
      { metadata: { labels: { l: '1', 'multi-tenant': 'tenant-tiller-t3' }, annotations: { a: 'b' } } },
      { metadata: { namespace: 't3' }, spec: { hard: { 'limits.cpu': '4', 'count/services': '5' } } },
      { spec: { limits: [{ type: 'Container', default: { cpu: '0.1', memory: '128Mi' } }] } },
    ]);
    expect(asked).toEqual(['create resourcequotas t3', 'create limitranges t3']);
  });

  test('gets no default limits where they are not wanted', async () => {
    const { createTenant, names, asked } = stage([]);
    await createTenant('t3', {}, { ...byDefault, limitRange: false }, reading);
    expect([names(), asked]).toEqual([['Namespace t3'], []]);
  });

  test('that exists is refused, or left as it is', async () => {
    const { createTenant, objects } = stage([namespace('demo')]);
    await expect(createTenant('demo', {}, byDefault, reading)).rejects.toMatchObject({ code: 'TENANT_EXISTS' });
    await createTenant('demo', { tenantLabels: { a: 'b' } }, { ...byDefault, ignoreExisting: true }, reading);
    expect(objects).toEqual([namespace('demo')]);
    const ending = stage([namespace('demo', { deletionTimestamp: '2026-01-01T00:00:00Z' })]);
    await expect(ending.createTenant('demo', {}, byDefault, reading)).rejects.toMatchObject({
      code: 'NAMESPACE_TERMINATING',
    });
  });

  test.each([
    [{ tenantLabels: { 'a b': '' } }, 'LABEL_INVALID'],
    [{ tenantAnnotations: { '': '' } }, 'LABEL_INVALID'],
    [{ tenantQuotas: [{ quotaName: 'q', hard: { limitCpu: '4 cores' } }] }, 'QUANTITY_INVALID'],
    [{ tenantQuotas: [{ quotaName: 'q', hard: { limitCpu: '-1' } }] }, 'QUANTITY_INVALID'],
    [{ tenantQuotas: [{ quotaName: 'q', hard: { pods: '1.5' } }] }, 'QUANTITY_INVALID'],
    [{ tenantQuotas: [{ quotaName: 'q', others: { pods: '1' }, hard: { pods: '1' } }] }, 'QUANTITY_INVALID'],
    [{ tenantQuotas: [{ quotaName: 'q' }, { quotaName: 'q' }] }, 'QUANTITY_INVALID'],
  ])('is not made of %j', async (request, code) => {
    const { createTenant, updateTenant, names } = stage([namespace('demo')]);
    await expect(createTenant('t3', request, byDefault, reading)).rejects.toMatchObject({ code });
    await expect(updateTenant('demo', request, { removeQuotas: false }, reading)).rejects.toMatchObject({ code });
    expect(names()).toEqual(['Namespace demo']);
  });

  test('that cannot be completed is taken back, or told of', async () => {
    const full: Judge = (_, { kind }) => {
      if (kind === 'ResourceQuota') throw problem('ADMISSION_REFUSED', 'no quotas here');
    };
    const request = { tenantQuotas: [{ quotaName: 'q' }] };
    const taken = stage([], full);
    const refused = { code: 'ADMISSION_REFUSED', message: 'no quotas here' };
    await expect(taken.createTenant('t3', request, byDefault, reading)).rejects.toMatchObject(refused);
    expect(taken.names()).toEqual([]);
    const stuck = stage([], (verb, ref, caller) => {
      if (verb === 'remove') throw problem('FORBIDDEN', 'ann cannot delete namespaces');
      full(verb, ref, caller);
    });
    await expect(stuck.createTenant('t3', request, byDefault, reading)).rejects.toMatchObject({
      code: 'ADMISSION_REFUSED',
      message: 'no quotas here; namespace t3 was made and stays: ann cannot delete namespaces',
      details: { left: 'Namespace t3' },
    });
  });

  test.each(['default', 'kube-system', 'kube-anything'])('is not %s, which is of Kubernetes', async (name) => {
    const { createTenant, updateTenant } = stage([namespace(name)]);
    const refused = { code: 'TENANT_RESERVED' };
    await expect(createTenant(name, {}, byDefault, reading)).rejects.toMatchObject(refused);
    await expect(updateTenant(name, {}, { removeQuotas: false }, reading)).rejects.toMatchObject(refused);
  });

  const quota = (name: string) => ({
    ...kubeObject('v1', 'ResourceQuota', name, {
      spec: { hard: { pods: '1', 'limits.cpu': '2' }, scopes: ['BestEffort'] },
    }),
    metadata: { name, namespace: 'demo', resourceVersion: '1' },
  });

  test('gets other marks, and keeps those of Kubernetes', async () => {
    const labels = {
      'multi-tenant': 'tenant-tiller-demo',
      'kubernetes.io/metadata.name': 'demo',
      'pod-security.kubernetes.io/enforce': 'restricted',
      old: 'yes',
    };
    const { updateTenant, objects } = stage([namespace('demo', { labels, annotations: { a: 'b' } }), quota('q')]);
    await updateTenant('demo', { tenantLabels: { l: '2', 'multi-tenant': 'mine' } }, { removeQuotas: false }, reading);
    const { old: _gone, ...kept } = labels;
    expect(objects[0]?.metadata).toMatchObject({ annotations: {} });
    expect(objects[0]?.metadata.labels).toEqual({ ...kept, l: '2' });
    expect(objects).toHaveLength(2);
  });

  test('gets the quotas that are named, and loses others only if that is wished', async () => {
    const { updateTenant, objects, names, asked } = stage([namespace('demo'), quota('q'), quota('other')]);
    const request = { tenantQuotas: [{ quotaName: 'q', hard: { pods: '5' } }, { quotaName: 'new' }] };
    await updateTenant('demo', request, { removeQuotas: false }, reading);
    expect(names()).toEqual(['Namespace demo', 'ResourceQuota q', 'ResourceQuota other', 'ResourceQuota new']);
    expect(objects[1]?.spec).toEqual({ hard: { pods: '5' }, scopes: ['BestEffort'] });
    await updateTenant('demo', request, { removeQuotas: true }, reading);
    expect(names()).toEqual(['Namespace demo', 'ResourceQuota q', 'ResourceQuota new']);
    expect(asked).toContain('delete resourcequotas demo');
  });

  test('that is not there is not made by PUT', async () => {
    const { updateTenant } = stage([]);
    await expect(updateTenant('nope', {}, { removeQuotas: false }, reading)).rejects.toMatchObject({
      code: 'TENANT_NOT_FOUND',
      message: 'not found error: there is no tenant nope',
    });
  });
});

describe('the deletion of a tenant', () => {
  const options = { dryrun: false, ignoreNotFound: false, timeoutSec: 0, requestId: 'r' };
  const claim = kubeObject('v1', 'PersistentVolumeClaim', 'data', { status: { capacity: { storage: '2Gi' } } });

  async function removing(fails?: string) {
    const { reader, writer, names, authorization } = stage([namespace('demo')]);
    const live = createMemoryLiveObjects();
    live.put(claim);
    const cache = createMemoryReleaseCache();
    const put = async (name: string, dependencies: Record<string, string>) => {
      const revision = { ...recordedRevision({ releaseConfig: releaseConfig({ dependencies }) }), name };
      await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
    };
    await put('zk', {});
    await put('kafka', { zookeeper: 'zk' });
    await put('app', { kafka: 'kafka', zookeeper: 'zk' });
    await put('alone', {});
    const deleted: string[] = [];
    const removeTenant = createRemoveTenant({
      reader,
      writer,
      live,
      cache,
      authorization,
      refuseDependents: () => Promise.resolve(),
      deleteRelease: ({ release, deletePvcs, force }: DeleteInput) => {
        if (release === fails) return Promise.reject(problem('HOOK_FAILED', 'its hook failed'));
        deleted.push(`${release} ${deletePvcs} ${force}`);
        return Promise.resolve({ task: null, finished: true, warnings: [] });
      },
      clock: createManualClock(),
    });
    return { removeTenant, deleted, names, authorization };
  }

  test('deletes releases, dependents first, and then the namespace', async () => {
    const { removeTenant, deleted, names } = await removing();
    expect(await removeTenant('demo', options, reading)).toBeNull();
    expect(deleted.map((line) => line.split(' ')[0])).toEqual(['alone', 'app', 'kafka', 'zk']);
    expect(deleted[0]).toBe('alone false true');
    expect(names()).toEqual([]);
  });

  test('is foretold with the data that goes', async () => {
    const { removeTenant, deleted, names } = await removing();
    expect(await removeTenant('demo', { ...options, dryrun: true }, reading)).toEqual({
      tenantName: 'demo',
      releases: ['alone', 'app', 'kafka', 'zk'],
      claims: [{ name: 'data', capacity: '2Gi' }],
      pods: 0,
    });
    expect([deleted, names()]).toEqual([[], ['Namespace demo']]);
  });

  test('stops at a release that stays, before anything that it depends on', async () => {
    const { removeTenant, deleted, names } = await removing('kafka');
    await expect(removeTenant('demo', options, reading)).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: 'release kafka stays, and the namespace with it: its hook failed',
    });
    expect(deleted.map((line) => line.split(' ')[0])).toEqual(['alone', 'app']);
    expect(names()).toEqual(['Namespace demo']);
  });

  test('of none is an error, or nothing', async () => {
    const { removeTenant } = await removing();
    await expect(removeTenant('none', options, reading)).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
    expect(await removeTenant('none', { ...options, ignoreNotFound: true }, reading)).toBeNull();
    await expect(removeTenant('kube-system', options, reading)).rejects.toMatchObject({ code: 'TENANT_RESERVED' });
  });
});
