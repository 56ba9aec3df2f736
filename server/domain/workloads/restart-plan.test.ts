import { beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { createObjectIndex, type ObjectIndex } from '../indexes/object-index.ts';
import { planRestart } from './restart-plan.ts';

let live: ObjectIndex;
const refOf = (kind: string, name: string, apiVersion = 'apps/v1') => ({ apiVersion, kind, namespace: 'demo', name });

/** A workload of one replica with its pod; a ready one counts its pod as ready. */
function put(kind: string, name: string, ready: boolean, spec: JsonObject = {}) {
  const metadata = { name, namespace: 'demo', uid: `uid-${name}`, generation: 1 };
  const replicas = ready ? 1 : 0;
  live.put({
    ...refOf(kind, name),
    metadata,
    spec: { replicas: 1, ...spec },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: replicas,
      readyReplicas: replicas,
      desiredNumberScheduled: 1,
      updatedNumberScheduled: 1,
      numberAvailable: replicas,
    },
  });
  const ownerReferences = [{ apiVersion: 'apps/v1', kind, name, uid: metadata.uid, controller: true }];
  live.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-0`, namespace: 'demo', uid: `pod-${name}`, ownerReferences },
  });
}

const OBJECTS = [
  refOf('Deployment', 'web'),
  refOf('Deployment', 'broken'),
  refOf('Deployment', 'held'),
  refOf('StatefulSet', 'db'),
  refOf('DaemonSet', 'agent'),
  refOf('Deployment', 'missing'),
  refOf('Job', 'once', 'batch/v1'),
];

const RELEASE = { namespace: 'demo', name: 'web', objects: OBJECTS };

beforeEach(() => {
  live = createObjectIndex();
  put('Deployment', 'web', true);
  put('Deployment', 'broken', false);
  put('Deployment', 'held', true, { paused: true });
  put('StatefulSet', 'db', true, { updateStrategy: { type: 'OnDelete' } });
  put('DaemonSet', 'agent', true);
});

test('auto rolls what is ready and deletes pods where rolling does not help', () => {
  const { roll, pods, warnings } = planRestart('auto', RELEASE, live, 0);
  expect(roll.map(({ name }) => name)).toEqual(['web', 'agent']);
  expect(pods.map(({ uid }) => uid)).toEqual(['pod-broken', 'pod-held', 'pod-db']);
  expect(warnings).toEqual([]);
});

test('rolling rolls everything, and warns of what does not roll by itself', () => {
  const { roll, pods, warnings } = planRestart('rolling', RELEASE, live, 0);
  expect(roll.map(({ name }) => name)).toEqual(['web', 'broken', 'held', 'db', 'agent']);
  expect(pods).toEqual([]);
  expect(warnings.map(({ object }) => object?.name)).toEqual(['held', 'db']);
});

test('delete deletes every pod of workloads, and none of a Job', () => {
  const { roll, pods } = planRestart('delete', RELEASE, live, 0);
  expect(roll).toEqual([]);
  expect(pods.map(({ name }) => name)).toEqual(['web-0', 'broken-0', 'held-0', 'db-0', 'agent-0']);
});

test('tells the same of workloads in other namespaces, whether they are there or not', () => {
  const elsewhere = { ...refOf('Deployment', 'theirs'), namespace: 'other' };
  const told = () => planRestart('auto', { ...RELEASE, objects: [elsewhere] }, live, 0);
  const absent = told();
  live.put({ ...elsewhere, metadata: { name: 'theirs', namespace: 'other', uid: 'theirs' }, spec: {} });
  expect(told()).toEqual(absent);
});

test.each(['rolling', 'delete', 'auto'] as const)('leaves alone what a record names and others own: %s', (mode) => {
  const elsewhere = { ...refOf('Deployment', 'theirs'), namespace: 'other' };
  live.put({ ...elsewhere, metadata: { name: 'theirs', namespace: 'other', uid: 'theirs' }, spec: {} });
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'theirs', uid: 'theirs', controller: true };
  const metadata = { name: 'theirs-0', namespace: 'other', uid: 'pod', ownerReferences: [owner] };
  live.put({ apiVersion: 'v1', kind: 'Pod', metadata });
  expect(planRestart(mode, { ...RELEASE, objects: [elsewhere] }, live, 0)).toMatchObject({
    roll: [],
    pods: [],
    warnings: [{ code: 'RESTART_FOREIGN', object: elsewhere }],
  });
});
