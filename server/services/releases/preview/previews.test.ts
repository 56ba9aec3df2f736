import { beforeEach, describe, expect, test } from 'vitest';
import { problem } from '../../../domain/errors/problem-error.ts';
import { everythingAllowed } from '../../../../test/harness/fakes/everything-allowed.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryClaims } from '../../../adapters/memory/claims.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import { createMemoryTaskStore } from '../../../adapters/memory/task-store.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { buildReleaseConfig } from '../../../domain/release/release-config.ts';
import { NEW_RELEASE } from '../../../domain/request/release-request.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { findSecrets } from '../../../domain/masking/hide-layers.ts';
import { hideRecorded, type RecordedContent } from '../../../domain/masking/hide-recorded.ts';
import { createRevisionReader } from '../../history/read-revision.ts';
import { createFindManaged } from '../observe/find-managed.ts';
import { createRefuseDependents } from '../../dependencies/refuse-dependents.ts';
import { createPreviewDelete } from './preview-delete.ts';
import { createPreviewDetach, createPreviewPause } from './preview-lifecycle.ts';

const options = { waiting: {}, requestId: 'r', caller: null, warnings: [] };
const input = { namespace: 'shop', release: 'db', options };
const deletion = { ...input, deletePvcs: false, ignoreNotFound: false, force: false };
const signal = new AbortController().signal;

function documentOf(index: number, kind: string, name: string, rest: JsonObject = {}): HelmRelease['objects'][number] {
  const apiVersion = kind === 'StatefulSet' ? 'apps/v1' : 'v1';
  const object = { apiVersion, kind, ...rest, metadata: { name, ...(rest['metadata'] as JsonObject) } };
  return { index, source: 'chart/templates/x.yaml', apiVersion, kind, namespace: 'shop', name, object };
}

const labels = { app: 'db' };
const template = { metadata: { name: 'data' } };
const set = (replicas: number) =>
  documentOf(0, 'StatefulSet', 'db', {
    spec: { replicas, selector: { matchLabels: labels }, volumeClaimTemplates: [template] },
  });
const keep = { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } };

let helm: MemoryHelm;
let live: MemoryLiveObjects;
let previews: ReturnType<typeof previewsOf>;

function previewsOf(isGuarding = true) {
  const cache = createMemoryReleaseCache();
  const chart = { name: 'web', version: '1', appVersion: '1' };
  const content = { ...NEW_RELEASE, namespace: 'shop', name: 'web', dependencies: { store: 'db' } };
  const releaseConfig = buildReleaseConfig({ ...content, chart, source: null, injected: [] });
  const revision = recordedRevision({ namespace: 'shop', name: 'web', releaseConfig });
  const ready = cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
  const deps = {
    engine: helm,
    reader: createRevisionReader({
      engine: helm,
      findSecrets: (input) => Promise.resolve(findSecrets(input)),
      tasks: createMemoryTaskStore(),
      clock: createManualClock(),
    }),
    cache,
    authorization: everythingAllowed,
    live,
    claims: createMemoryClaims({
      shop: [
        { name: 'data-db-0', labels },
        { name: 'other', labels },
      ],
    }),
    refuseDependents: createRefuseDependents({ cache, current: cache, authorization: everythingAllowed, isGuarding }),
    findManaged: createFindManaged({ engine: helm }),
    hideRecorded: (content: RecordedContent) => Promise.resolve(hideRecorded(content)),
    clock: createManualClock(),
    pauseDaemonSets: true,
  };
  return {
    ready,
    remove: createPreviewDelete(deps),
    pause: createPreviewPause(deps),
    detach: createPreviewDetach(deps),
  };
}

beforeEach(async () => {
  helm = createMemoryHelm(createManualClock());
  live = createMemoryLiveObjects();
  const target = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
  live.put({ ...target, metadata: { name: 'db', namespace: 'shop', uid: 'u' } });
  const ownerReferences = [{ ...target, name: 'db', uid: 'u', controller: true }];
  live.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db-0', namespace: 'shop', uid: 'p', ownerReferences } });
  const hook = { kind: 'Job', apiVersion: 'batch/v1', path: '', manifest: '', weight: 0, deletePolicies: [] };
  const hooks = [
    { ...hook, name: 'backup', events: ['pre-delete'] },
    { ...hook, name: 'migrate', events: ['pre-upgrade'] },
  ];
  const shared = { namespace: 'shop', name: 'db', hooks };
  helm.record({ ...shared, revision: 1, objects: [set(1), documentOf(1, 'ConfigMap', 'old')] });
  helm.record({
    ...shared,
    revision: 2,
    objects: [set(3), documentOf(1, 'ConfigMap', 'new'), documentOf(2, 'ConfigMap', 'kept', keep)],
  });
  previews = previewsOf();
  await previews.ready;
});

const fates = ({ objects }: { objects: { kind: string; name: string; outcome: string }[] }) =>
  objects.map(({ kind, name, outcome }) => `${outcome} ${kind} ${name}`);

test('previews tell what the cluster would refuse', async () => {
  const refused = problem('ADMISSION_REFUSED', 'not on a Friday', { object: { kind: 'StatefulSet', name: 'db' } });
  helm.refuse(({ kind }) => (kind === 'StatefulSet' ? refused : undefined));
  const reported = { code: 'ADMISSION_REFUSED', message: 'not on a Friday', details: refused.details };
  const change = { namespace: 'shop', release: 'db', options };
  expect(await previews.pause(change, signal)).toMatchObject({ refused: reported });
});

test('the preview of a pause tells that the cluster would refuse what Walm itself writes', async () => {
  const refused = problem('ADMISSION_REFUSED', 'no facts today', { object: { kind: 'ReleaseConfig', name: 'db' } });
  helm.refuse(({ kind, object }) =>
    kind === 'ReleaseConfig' && JSON.stringify(object).includes('"pause"') ? refused : undefined,
  );
  const change = { namespace: 'shop', release: 'db', options };
  expect(await previews.pause(change, signal)).toMatchObject({ refused: { code: 'ADMISSION_REFUSED' } });
});

describe('the preview of a delete', () => {
  test('says what goes, what stays and why, who depends on it, and that it would be refused', async () => {
    const preview = await previews.remove(deletion, signal);
    expect(fates(preview)).toEqual([
      'deleted StatefulSet db',
      'deleted Pod db-0',
      'deleted ConfigMap new',
      'kept ConfigMap kept',
      'kept PersistentVolumeClaim data-db-0',
    ]);
    expect(preview.objects.every(({ reason }) => reason !== '')).toBe(true);
    expect(preview).toMatchObject({
      revision: 2,
      refused: { code: 'RELEASE_HAS_DEPENDENTS' },
      dependents: [{ namespace: 'shop', name: 'web', key: 'store' }],
      hooks: [{ kind: 'Job', name: 'backup' }],
    });
    expect(await helm.releaseHistory({ identity: null, namespace: 'shop', name: 'db' })).toHaveLength(2);
  });

  test('with claims and force foretells these', async () => {
    const preview = await previews.remove({ ...deletion, deletePvcs: true, force: true }, signal);
    expect(fates(preview)).toContain('deleted PersistentVolumeClaim data-db-0');
    expect(preview).not.toHaveProperty('refused');
  });

  test('is refused as the delete is', async () => {
    const none = { ...deletion, release: 'none' };
    await expect(previews.remove(none, signal)).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect(await previews.remove({ ...none, ignoreNotFound: true }, signal)).toMatchObject({
      revision: 0,
      objects: [],
    });
    const other = { ...deletion, options: { ...options, expectedRevision: 1 } };
    await expect(previews.remove(other, signal)).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
  });
});

test.each(['remove', 'pause', 'detach'] as const)(
  'the preview of %s expects the revision as the change does: the applied one, or an attempt that failed above it',
  async (verb) => {
    helm.record({ namespace: 'shop', name: 'db', revision: 3, status: 'failed', objects: [set(9)] });
    const expecting = (expectedRevision: number) =>
      previews[verb]({ ...deletion, options: { ...options, expectedRevision } }, signal);
    for (const revision of [2, 3]) expect(await expecting(revision)).toMatchObject({ revision: 2 });
    await expect(expecting(1)).rejects.toMatchObject({ code: 'REVISION_MISMATCH', details: { revision: 2 } });
  },
);

test('the preview of a pause says what is changed, and which pods go', async () => {
  const preview = await previews.pause(input, signal);
  expect(fates(preview)).toEqual([
    'changed StatefulSet db',
    'deleted Pod db-0',
    'kept ConfigMap new',
    'kept ConfigMap kept',
  ]);
  expect(preview.objects[0]?.differences).toEqual([{ path: '/spec/replicas', old: 3, new: 0 }]);
});

test('no preview names the pods of workloads in other namespaces', async () => {
  const target = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
  live.put({ ...target, metadata: { name: 'db', namespace: 'bar', uid: 'v' } });
  const ownerReferences = [{ ...target, name: 'db', uid: 'v', controller: true }];
  live.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'theirs', namespace: 'bar', uid: 'q', ownerReferences },
  });
  helm.record({ namespace: 'shop', name: 'db', revision: 3, objects: [{ ...set(3), namespace: 'bar' }] });
  for (const told of [await previews.pause(input, signal), await previews.remove(deletion, signal)]) {
    expect(JSON.stringify(told)).not.toContain('theirs');
  }
});

test('the preview of a detachment says that everything stays but what Walm knows', async () => {
  const preview = await previews.detach(input, signal);
  expect(new Set(preview.objects.map(({ outcome }) => outcome))).toEqual(new Set(['kept']));
  expect(preview.dependents).toHaveLength(1);
});
