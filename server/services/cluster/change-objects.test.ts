import { describe, expect, test } from 'vitest';
import { kubeObject, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createMemoryObjectReader } from '../../adapters/memory/objects/object-reader.ts';
import { createMemoryObjectWriter, type Judge } from '../../adapters/memory/objects/object-writer.ts';
import { callerOf } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { createChangeNodes } from './change-nodes.ts';
import { createChangeSecrets } from './change-secrets.ts';
import { createRemoveClaims } from './remove-claims.ts';
import { createRestartPod } from './restart-pod.ts';

const ann = callerOf({ user: 'ann', groups: [] });
const reading = { as: ann, signal: new AbortController().signal };
const nothingAllowed = { ...everythingAllowed, may: () => Promise.resolve(false) };

function stage(given: readonly KubeObject[], judge?: Judge) {
  const objects = [...given];
  const live = createMemoryLiveObjects();
  objects.forEach((object) => live.put(object));
  const writes: string[] = [];
  const writer = createMemoryObjectWriter(objects, (verb, ref, caller) => {
    writes.push(`${verb} ${ref.kind} ${ref.name} as ${caller?.user}`);
    judge?.(verb, ref, caller);
  });
  const showOfRelease = <Shown extends object>(_: KubeObject, shown: Shown) =>
    Promise.resolve({ ...shown, release: 'web' });
  const reader = createMemoryObjectReader(objects);
  return { objects, live, writer, writes, reader, showOfRelease, clock: createManualClock() };
}

describe('a node', () => {
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { z: '1', k: '2' } } };

  test('gets and loses labels in the name of the caller', async () => {
    const { objects, writes, ...parts } = stage([node]);
    const nodes = createChangeNodes(parts);
    await nodes.labelNode('n1', { addLabels: { x: 'y' }, removeLabels: ['z', 'never-there'] }, ann);
    await nodes.annotateNode('n1', { addAnnotations: { a: 'b' } }, ann);
    expect(objects[0]?.metadata).toMatchObject({ labels: { k: '2', x: 'y' }, annotations: { a: 'b' } });
    expect(objects[0]?.metadata.labels).not.toHaveProperty('z');
    expect(writes).toEqual(['patch Node n1 as ann', 'patch Node n1 as ann']);
    await expect(nodes.labelNode('n2', {}, ann)).rejects.toMatchObject({ code: 'NODE_NOT_FOUND' });
  });

  test('is not written for labels that are none', async () => {
    const { writes, ...parts } = stage([node]);
    const refused = createChangeNodes(parts).labelNode('n1', { addLabels: { a: 'b', 'c d': '' } }, ann);
    await expect(refused).rejects.toMatchObject({ code: 'LABEL_INVALID' });
    expect(writes).toEqual([]);
  });
});

describe('taints of a node', () => {
  const tainted: KubeObject = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', resourceVersion: '7' },
    spec: {
      taints: [
        { key: 'old', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
        { key: 'gone', value: 'a', effect: 'NoSchedule' },
        { key: 'gone', effect: 'NoExecute' },
      ],
    },
  };
  const on = (node: string, name: string, tolerations: JsonObject[] = [], phase = 'Running') =>
    kubeObject('v1', 'Pod', name, { spec: { nodeName: node, tolerations }, status: { phase } });
  const run = { dryrun: false };

  test('are set and removed, and what is not named stays as it is', async () => {
    const { objects, writes, ...parts } = stage([tainted]);
    const { taintNode } = createChangeNodes(parts);
    const change = {
      addTaints: [{ key: 'old', effect: 'NoExecute' as const, value: 'x' }],
      removeTaints: [{ key: 'gone' }, { key: 'never', effect: 'NoExecute' as const }],
    };
    expect(await taintNode('n1', change, run, reading)).toBeNull();
    expect(objects[0]?.spec).toEqual({
      taints: [
        { key: 'old', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
        { key: 'old', value: 'x', effect: 'NoExecute' },
      ],
    });
    expect(writes).toEqual(['patch Node n1 as ann']);
    await expect(taintNode('n2', {}, run, reading)).rejects.toMatchObject({ code: 'NODE_NOT_FOUND' });
  });

  test('are based on the node as it is when they are written', async () => {
    const { objects, writer, ...parts } = stage([tainted]);
    let changes = 0;
    const reader = {
      ...parts.reader,
      get: async () => {
        const [found] = objects;
        changes += 1;
        if (changes < 3) objects[0] = { ...found!, metadata: { ...found!.metadata, resourceVersion: `8${changes}` } };
        return found!;
      },
    };
    await createChangeNodes({ reader, writer }).taintNode('n1', { removeTaints: [{ key: 'gone' }] }, run, reading);
    expect(changes).toBe(3);
    expect(JSON.stringify(objects[0]?.spec)).not.toContain('gone');
  });

  test('tell which pods they would evict', async () => {
    const { writes, ...parts } = stage([
      tainted,
      on('n1', 'plain'),
      on('n1', 'tolerant', [{ key: 'new', operator: 'Exists' }]),
      on('n1', 'everything', [{ operator: 'Exists' }]),
      on('n1', 'for-a-while', [{ key: 'new', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }]),
      on('n1', 'other-value', [{ key: 'new', value: 'a', effect: 'NoExecute' }]),
      on('n1', 'ended', [], 'Succeeded'),
      on('n2', 'elsewhere'),
    ]);
    const addTaints = [{ key: 'new', value: 'b', effect: 'NoExecute' as const }];
    const preview = await createChangeNodes(parts).taintNode('n1', { addTaints }, { dryrun: true }, reading);
    expect(preview?.taints).toHaveLength(4);
    expect(preview?.evicted?.map(({ name }) => name)).toEqual(['plain', 'for-a-while', 'other-value']);
    const known = { addTaints: [{ key: 'gone', effect: 'NoExecute' as const }] };
    const none = await createChangeNodes(parts).taintNode('n1', known, { dryrun: true }, reading);
    expect(none?.evicted).toEqual([]);
    expect(writes).toEqual([]);
  });

  test('do not name pods to who may not list them all', async () => {
    const { writer, reader } = stage([tainted]);
    const limited = {
      ...reader,
      async *list(): AsyncGenerator<KubeObject[], void, undefined> {
        await Promise.reject(problem('FORBIDDEN', 'ann cannot list pods'));
        yield [];
      },
    };
    const { taintNode } = createChangeNodes({ reader: limited, writer });
    expect(await taintNode('n1', {}, { dryrun: true }, reading)).toMatchObject({ evicted: null });
  });

  test.each([
    [{ addTaints: [{ key: 'a b', effect: 'NoSchedule' as const }] }],
    [{ addTaints: [{ key: 'a', value: 'b c', effect: 'NoSchedule' as const }] }],
    [{ addTaints: [{ key: 'a', effect: 'NoSchedule' as const }], removeTaints: [{ key: 'a' }] }],
  ])('are refused: %j', async (change) => {
    const { writes, ...parts } = stage([tainted]);
    await expect(createChangeNodes(parts).taintNode('n1', change, run, reading)).rejects.toMatchObject({
      code: 'LABEL_INVALID',
    });
    expect(writes).toEqual([]);
  });
});

describe('the restart of a pod', () => {
  const set = kubeObject('apps/v1', 'StatefulSet', 'web', { spec: {} });
  const owned = pod('web-0', set, READY_POD);
  const controlled = {
    ...owned,
    metadata: {
      ...owned.metadata,
      ownerReferences: owned.metadata.ownerReferences?.map((owner) => ({ ...owner, controller: true })) ?? [],
    },
  };
  const lonely = kubeObject('v1', 'Pod', 'lonely', { spec: {}, status: {} });
  const ofNode = kubeObject(
    'v1',
    'Pod',
    'static',
    {},
    {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'n1', controller: true }],
    },
  );
  const at = (name: string) => ({ namespace: 'demo', name });

  test('deletes it, if its controller makes another one', async () => {
    const { objects, writes, ...parts } = stage([controlled, lonely, ofNode]);
    const restart = createRestartPod(parts);
    await restart(at('web-0'), { force: false }, ann);
    expect(writes).toEqual(['remove Pod web-0 as ann']);
    for (const name of ['lonely', 'static']) {
      await expect(restart(at(name), { force: false }, ann)).rejects.toMatchObject({ code: 'POD_UNMANAGED' });
    }
    await restart(at('lonely'), { force: true }, ann);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['static']);
  });

  test('of one that is not there, or another one by now, is refused in the words of the API server', async () => {
    const { objects, ...parts } = stage([controlled]);
    const restart = createRestartPod(parts);
    await expect(restart(at('nope'), { force: false }, ann)).rejects.toMatchObject({
      code: 'POD_NOT_FOUND',
      message: 'pods "nope" not found',
    });
    objects[0] = { ...controlled, metadata: { ...controlled.metadata, uid: 'another' } };
    await expect(restart(at('web-0'), { force: false }, ann)).rejects.toMatchObject({ code: 'OBJECT_CHANGED' });
  });

  test('of one that is being deleted has nothing to do', async () => {
    const ending = { ...lonely, metadata: { ...lonely.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const { writes, ...parts } = stage([ending]);
    await createRestartPod(parts)(at('lonely'), { force: false }, ann);
    expect(writes).toEqual([]);
  });
});

describe('a Secret', () => {
  const secret = (type: string, more: object = {}): KubeObject => ({
    ...kubeObject('v1', 'Secret', 'login', { type, data: { user: 'YW5u', word: 'aHVzaA==' }, ...more }),
    metadata: { name: 'login', namespace: 'demo', uid: 'u1', resourceVersion: '1', labels: { tier: 'web' } },
  });

  test('is created once, and not as one of Helm or Walm', async () => {
    const { objects, ...parts } = stage([]);
    const { createSecret } = createChangeSecrets(parts);
    const request = { name: 's1', data: { a: 'aGVsbG8=' } };
    await createSecret('demo', request, ann);
    expect(objects[0]).toMatchObject({ type: 'Opaque', data: { a: 'aGVsbG8=' } });
    await expect(createSecret('demo', request, ann)).rejects.toMatchObject({
      code: 'SECRET_EXISTS',
      message: 'secrets "s1" already exists',
    });
    for (const type of ['helm.sh/release.v1', 'helm.sh/other', 'walm.io/credential.v1']) {
      await expect(createSecret('demo', { ...request, name: 's2', type }, ann)).rejects.toMatchObject({
        code: 'SECRET_RESERVED',
      });
    }
    expect(objects).toHaveLength(1);
  });

  test('gets the values of the request and keeps its labels; `***` keeps a value', async () => {
    const { objects, writes, ...parts } = stage([secret('Opaque')]);
    await createChangeSecrets(parts).updateSecret(
      'demo',
      { name: 'login', data: { word: '***' }, stringData: { a: 'b' } },
      reading,
    );
    expect(objects[0]).toMatchObject({ metadata: { labels: { tier: 'web' } }, type: 'Opaque' });
    expect(objects[0]?.data).toEqual({ word: 'aHVzaA==', a: 'Yg==' });
    expect(writes).toEqual(['replace Secret login as ann']);
  });

  test('that is not there is not made by PUT, and deleted only with a wish not to know', async () => {
    const { updateSecret, deleteSecret } = createChangeSecrets(stage([]));
    const missing = { code: 'SECRET_NOT_FOUND', message: 'secrets "s9" not found' };
    await expect(updateSecret('demo', { name: 's9', data: {} }, reading)).rejects.toMatchObject(missing);
    await expect(deleteSecret('demo', 's9', { ignoreNotFound: false }, reading)).rejects.toMatchObject(missing);
    await expect(deleteSecret('demo', 's9', { ignoreNotFound: true }, reading)).resolves.toBeUndefined();
  });

  test.each(['helm.sh/release.v1', 'walm.io/task.v1'])('of type %s is neither changed nor deleted', async (type) => {
    const { writes, ...parts } = stage([secret(type)]);
    const { updateSecret, deleteSecret } = createChangeSecrets(parts);
    const refused = { code: 'SECRET_RESERVED' };
    await expect(updateSecret('demo', { name: 'login' }, reading)).rejects.toMatchObject(refused);
    await expect(deleteSecret('demo', 'login', { ignoreNotFound: true }, reading)).rejects.toMatchObject(refused);
    expect(writes).toEqual([]);
  });

  test('that is immutable, or of another type, is refused before it is written', async () => {
    const { writes, ...parts } = stage([secret('Opaque', { immutable: true })]);
    const { updateSecret } = createChangeSecrets(parts);
    const same = { name: 'login', data: { user: '***', word: '***' } };
    await expect(updateSecret('demo', { ...same, type: 'Other' }, reading)).rejects.toMatchObject({
      message: 'the type of Secret demo/login is "Opaque" and cannot be changed: delete it and create it again',
    });
    await expect(updateSecret('demo', { name: 'login' }, reading)).rejects.toMatchObject({ code: 'FIELD_IMMUTABLE' });
    expect(writes).toEqual([]);
    await updateSecret('demo', same, reading);
    expect(writes).toHaveLength(1);
  });

  test('that somebody else changed meanwhile stays as they left it', async () => {
    const { objects, ...parts } = stage([secret('Opaque')]);
    const reader = {
      get: async () => {
        const [found] = objects;
        objects[0] = { ...found!, metadata: { ...found!.metadata, resourceVersion: '2' } };
        return found!;
      },
    };
    const refused = createChangeSecrets({ ...parts, reader }).updateSecret('demo', { name: 'login' }, reading);
    await expect(refused).rejects.toMatchObject({ code: 'OBJECT_CHANGED' });
  });
});

describe('claims', () => {
  const claim = (name: string, labels: Record<string, string> = { app: 'web' }) =>
    kubeObject(
      'v1',
      'PersistentVolumeClaim',
      name,
      { spec: { volumeName: `pv-${name}` }, status: { capacity: { storage: '2Gi' } } },
      { labels },
    );
  const set = kubeObject('apps/v1', 'StatefulSet', 'web', {
    spec: { selector: { matchLabels: { app: 'web' } }, volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
  });
  const mounting = (name: string, phase: string) =>
    kubeObject('v1', 'Pod', name, {
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'loose' } }] },
      status: { phase },
    });
  const one = { dryrun: false, ignoreNotFound: false };
  const parts = (given: readonly KubeObject[], authorization = everythingAllowed, failsAsOne = false) => {
    const staged = stage(given);
    return { ...staged, ...createRemoveClaims({ ...staged, authorization, failsAsOne }) };
  };

  test('of a StatefulSet, or of a pod that has not ended, stay', async () => {
    const { deleteClaim, writes } = parts([claim('data-web-0'), claim('loose', {}), set, mounting('job', 'Running')]);
    await expect(deleteClaim('demo', 'data-web-0', one, reading)).rejects.toMatchObject({
      code: 'CLAIM_IN_USE',
      message: 'pvc demo/data-web-0 can not be deleted, it is still used by statefulsets [demo/web]',
    });
    await expect(deleteClaim('demo', 'loose', one, reading)).rejects.toMatchObject({
      message: 'pvc demo/loose can not be deleted, it is still used by pods [demo/job]',
    });
    expect(writes).toEqual([]);
  });

  test('do not name what uses them to who may not list it', async () => {
    const { deleteClaim } = parts([claim('data-web-0'), set], nothingAllowed);
    await expect(deleteClaim('demo', 'data-web-0', one, reading)).rejects.toMatchObject({
      message: 'pvc demo/data-web-0 can not be deleted, it is still used',
      details: {},
    });
  });

  test('that nothing uses are deleted, or told of', async () => {
    const { deleteClaim, objects, writes } = parts([claim('loose'), mounting('done', 'Succeeded')]);
    const told = { name: 'loose', capacity: '2Gi', volume: 'pv-loose', release: 'web', usedBy: [] };
    expect(await deleteClaim('demo', 'loose', { ...one, dryrun: true }, reading)).toMatchObject({
      ...told,
      outcome: 'planned',
    });
    expect(writes).toEqual([]);
    expect(await deleteClaim('demo', 'loose', one, reading)).toMatchObject({ ...told, outcome: 'deleted' });
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['done']);
    await expect(deleteClaim('demo', 'none', one, reading)).rejects.toMatchObject({ code: 'CLAIM_NOT_FOUND' });
    expect(await deleteClaim('demo', 'none', { ...one, ignoreNotFound: true }, reading)).toBeNull();
  });

  const many = { labelselector: 'app=web', limit: 20, dryrun: false };

  test('that a selector matches are deleted one by one', async () => {
    const { deleteClaims, writes } = parts([claim('b'), claim('data-web-0'), claim('a'), claim('other', {}), set]);
    expect(await deleteClaims('demo', { ...many, dryrun: true }, reading)).toMatchObject({ dryrun: true, failed: 1 });
    expect(writes).toEqual([]);
    const { num, failed, items } = await deleteClaims('demo', many, reading);
    expect([num, failed, items.map(({ name, outcome, error }) => [name, outcome, error?.code])]).toEqual([
      3,
      1,
      [
        ['a', 'deleted', undefined],
        ['b', 'deleted', undefined],
        ['data-web-0', 'failed', 'CLAIM_IN_USE'],
      ],
    ]);
    expect(writes).toEqual(['remove PersistentVolumeClaim a as ann', 'remove PersistentVolumeClaim b as ann']);
  });

  test('are not deleted by a selector that says nothing, or too much', async () => {
    const { deleteClaims, writes } = parts([claim('a'), claim('b')]);
    await expect(deleteClaims('demo', { ...many, labelselector: ' ' }, reading)).rejects.toMatchObject({
      code: 'QUERY_INVALID',
    });
    await expect(deleteClaims('demo', { ...many, limit: 1 }, reading)).rejects.toMatchObject({
      code: 'TOO_MANY_CLAIMS',
    });
    expect(writes).toEqual([]);
  });

  test('all stay for a client of the original if one is in use', async () => {
    const { deleteClaims, writes } = parts([claim('a'), claim('data-web-0'), set], everythingAllowed, true);
    await expect(deleteClaims('demo', many, reading)).rejects.toMatchObject({ code: 'CLAIM_IN_USE' });
    expect(writes).toEqual([]);
  });

  test('that the cluster refuses to delete stay, with the reason', async () => {
    const forbid: Judge = () => {
      throw problem('FORBIDDEN', 'ann cannot');
    };
    const staged = stage([claim('a')], forbid);
    const { deleteClaims } = createRemoveClaims({ ...staged, authorization: everythingAllowed, failsAsOne: false });
    expect(await deleteClaims('demo', many, reading)).toMatchObject({
      failed: 1,
      items: [{ name: 'a', outcome: 'failed', error: { code: 'FORBIDDEN', message: 'ann cannot' } }],
    });
  });
});
