import { describe, expect, test } from 'vitest';
import { kubeObject, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createMemoryObjectReader } from '../../adapters/memory/objects/object-reader.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { callerOf } from '../../domain/access/caller.ts';
import type { KubeObject, ObjectRef } from '../../domain/kube/kube-object.ts';
import { createMasker } from '../../domain/masking/masker.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { createReadReleaseEvents } from './read-release-events.ts';
import { createReadReleaseObject } from './read-release-object.ts';

const ann = callerOf({ user: 'ann', groups: [] });
const reading = { as: ann, signal: new AbortController().signal };
const set = kubeObject('apps/v1', 'StatefulSet', 'web', { spec: { replicas: 1 } });
const web0 = pod('web-0', set, READY_POD);
const ref = (apiVersion: string, kind: string, name: string, namespace = 'demo'): ObjectRef => ({
  apiVersion,
  kind,
  namespace,
  name,
});

async function stage(objects: readonly KubeObject[], refs: readonly ObjectRef[]) {
  const live = createMemoryLiveObjects();
  [set, web0].forEach((object) => live.put(object));
  const cache = createMemoryReleaseCache();
  const revision = recordedRevision({ releaseConfig: releaseConfig({}) });
  const record = toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated });
  await cache.put({ ...record, objects: [...refs], masker: createMasker([{ text: 'hunter2secret' }]) });
  return { live, cache, reader: createMemoryObjectReader(objects) };
}

describe('events of a release', () => {
  const event = (
    name: string,
    about: KubeObject | { kind: string; name: string; uid?: string },
    at: string,
    more: object = {},
  ) => {
    const { kind, metadata } = about as KubeObject;
    const involvedObject =
      metadata === undefined ? { ...about } : { kind, name: metadata.name, uid: metadata.uid ?? '' };
    return kubeObject('v1', 'Event', name, {
      involvedObject,
      type: 'Warning',
      reason: 'BackOff',
      message: 'of hunter2secret',
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      ...more,
    } as never);
  };
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;

  test('are those of its objects and of what these made, the newest last, without secrets', async () => {
    const parts = await stage(
      [
        event('a', web0, at(3)),
        event('b', set, at(2), { reason: 'Created' }),
        event('c', { kind: 'Pod', name: 'other' }, at(1)),
        event('d', { kind: 'ConfigMap', name: 'web' }, at(1), { reason: 'Odd' }),
        event('e', { kind: 'Pod', name: 'web-0', uid: 'an-earlier-one' }, at(4)),
      ],
      [ref('apps/v1', 'StatefulSet', 'web'), ref('v1', 'ConfigMap', 'web')],
    );
    const { events } = await createReadReleaseEvents(parts)('demo', 'web', 200, reading);
    expect(events.map(({ object, reason, message }) => [object.kind, object.name, reason, message])).toEqual([
      ['ConfigMap', 'web', 'Odd', 'of ***'],
      ['StatefulSet', 'web', 'Created', 'of ***'],
      ['Pod', 'web-0', 'BackOff', 'of ***'],
    ]);
  });

  test('are folded by reason', async () => {
    const parts = await stage(
      [event('a', web0, at(1), { count: 3 }), event('b', web0, at(5), { message: 'last' }), event('c', web0, at(2))],
      [ref('apps/v1', 'StatefulSet', 'web')],
    );
    const { events } = await createReadReleaseEvents(parts)('demo', 'web', 200, reading);
    expect(events).toMatchObject([{ count: 5, message: 'last', firstTimestamp: at(1), lastTimestamp: at(5) }]);
  });

  test('of what a manifest names elsewhere are not believed', async () => {
    const parts = await stage([event('a', web0, at(1))], [ref('apps/v1', 'StatefulSet', 'web', 'other')]);
    expect(await createReadReleaseEvents(parts)('demo', 'web', 200, reading)).toEqual({ events: [] });
    await expect(createReadReleaseEvents(parts)('demo', 'none', 200, reading)).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
    });
  });
});

describe('an object of a release', () => {
  const secret = kubeObject(
    'v1',
    'Secret',
    'login',
    { type: 'Opaque', data: { word: 'aHVudGVyMnNlY3JldA==', other: 'eA==' } },
    {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"other":"eA=="}}',
        note: 'hunter2secret',
      },
    },
  );
  const settings = kubeObject('v1', 'ConfigMap', 'web', { data: { a: 'is hunter2secret', b: 'plain' } });
  const refs = [ref('v1', 'Secret', 'login'), ref('v1', 'ConfigMap', 'web'), ref('v1', 'ConfigMap', 'gone')];
  const served = (group: string, version: string, kind: string, plural: string) => ({
    group,
    version,
    kind,
    plural,
    namespaced: true,
    verbs: ['get'],
  });
  const engine = {
    listResources: () =>
      Promise.resolve([served('', 'v1', 'Secret', 'secrets'), served('', 'v1', 'ConfigMap', 'configmaps')]),
  };

  async function reads(more: readonly ObjectRef[] = []) {
    const asked: unknown[] = [];
    const authorization = {
      ...everythingAllowed,
      demand: async (_: unknown, questions: readonly unknown[]) => void asked.push(...questions),
    };
    const parts = await stage([secret, settings], [...refs, ...more]);
    const read = createReadReleaseObject({ ...parts, engine, authorization, systemNamespace: 'walm-system' });
    return {
      asked,
      read: (wanted: { kind: string; name: string; namespace?: string }) => read('demo', 'web', wanted, reading),
    };
  }

  test('is what the cluster has, after the right to it was asked for', async () => {
    const { read, asked } = await reads();
    const { object, ...at } = await read({ kind: 'ConfigMap', name: 'web' });
    expect(at).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'web' });
    expect(object['data']).toEqual({ a: 'is ***', b: 'plain' });
    expect(asked).toEqual([{ verb: 'get', group: '', resource: 'configmaps', namespace: 'demo', name: 'web' }]);
  });

  test('shows no value of a Secret, nor copies of it', async () => {
    const { object } = await (await reads()).read({ kind: 'Secret', name: 'login' });
    expect(object['data']).toEqual({ word: '***', other: '***' });
    expect(object['metadata']).toMatchObject({ annotations: { note: '***' } });
    expect(JSON.stringify(object)).not.toMatch(/last-applied|eA==/);
  });

  test.each([
    [
      { kind: 'ConfigMap', name: 'of-another' },
      'OBJECT_NOT_FOUND',
      'the manifest of release demo/web has no ConfigMap of-another',
    ],
    [
      { kind: 'ConfigMap', name: 'gone' },
      'OBJECT_NOT_FOUND',
      'ConfigMap gone of release demo/web is not in the cluster',
    ],
    [{ kind: 'Widget', name: 'w' }, 'KIND_UNKNOWN', 'the cluster does not serve the kind Widget of x.y/v1'],
    [{ kind: 'Secret', name: 'twice' }, 'OBJECT_AMBIGUOUS', 'release demo/web has 2 objects Secret twice'],
    [{ kind: 'Secret', name: 'walm-seal-key' }, 'NAMESPACE_RESERVED', 'nothing of namespace walm-system is shown'],
  ])('%j is refused', async (wanted, code, message) => {
    const { read, asked } = await reads([
      ref('x.y/v1', 'Widget', 'w'),
      ref('v1', 'Secret', 'twice'),
      ref('v1', 'Secret', 'twice', 'other'),
      ref('v1', 'Secret', 'walm-seal-key', 'walm-system'),
    ]);
    await expect(read(wanted)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(asked.length).toBe(message.includes('in the cluster') ? 1 : 0);
  });
});
