import { beforeEach, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryWorkloads, type MemoryWorkloads } from '../../../adapters/memory/workloads.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { RestartOrder } from '../../../domain/tasks/task.ts';
import { createRunHold } from './run-hold.ts';
import { createRunRestart } from './run-restart.ts';

const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'shop', name: 'db' };
const running: KubeObject = {
  ...set,
  metadata: { name: 'db', namespace: 'shop', uid: 'u' },
  spec: { replicas: 2 },
  status: { currentRevision: 'old', updateRevision: 'new' },
};
const pod = (name: string, revision: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    labels: { 'controller-revision-hash': revision },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'u', controller: true }],
  },
});

let stage: ExecutionStage;
let workloads: MemoryWorkloads;

beforeEach(async () => {
  stage = createExecutionStage();
  const refs = ['db-0', 'db-1'].map((name) => ({ namespace: 'shop', name, uid: name }));
  workloads = createMemoryWorkloads([set], refs);
  const object = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: { replicas: 2 } };
  await stage.release({
    objects: [{ ...set, index: 0, source: '', object }],
    releaseConfig: releaseConfig({}),
  });
  stage.live.put(running);
  stage.live.put(pod('db-0', 'old'));
  stage.live.put(pod('db-1', 'new'));
});

function restart(order: RestartOrder, changes = {}) {
  const run = createRunRestart({ ...stage, workloads });
  return stage.run<'restart'>(run, order, changes);
}

test('a rolling restart rolls the workloads once, however often it is interrupted', async () => {
  await restart({ kind: 'restart', mode: 'rolling' });
  expect(workloads.workloads).toMatchObject([{ generation: 2, restartedAt: '2026-01-01T00:00:00.000Z' }]);
  const planned = stage.saved[0]?.order as RestartOrder;
  expect(planned.plan).toMatchObject({ roll: [{ kind: 'StatefulSet', name: 'db' }] });
  await restart(planned);
  expect(workloads.workloads).toMatchObject([{ generation: 2 }]);
});

test.each(['auto', 'rolling', 'delete'] as const)(
  'a workload that the view does not show yet is rolled: %s',
  async (mode) => {
    stage.live.remove(running);
    await restart({ kind: 'restart', mode });
    expect(workloads.workloads).toMatchObject([{ restartedAt: '2026-01-01T00:00:00.000Z' }]);
  },
);

test('one that deletes pods touches none that came after the plan', async () => {
  await restart({ kind: 'restart', mode: 'delete' });
  expect(workloads.pods).toEqual([]);
  workloads.pods.push({ namespace: 'shop', name: 'db-0', uid: 'later' });
  await restart(stage.saved[0]?.order as RestartOrder);
  expect(workloads.pods).toMatchObject([{ uid: 'later' }]);
});

test('the workloads are those that were applied last, whatever the cache shows', async () => {
  await stage.cache.remove('shop/web');
  await restart({ kind: 'restart', mode: 'rolling' });
  expect(workloads.workloads).toMatchObject([{ restartedAt: '2026-01-01T00:00:00.000Z' }]);
});

test('what has gone, or is paused, is refused', async () => {
  const order: RestartOrder = { kind: 'restart', mode: 'auto' };
  await expect(restart(order, { release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  await stage.current.get('shop/web').then((record) => record && stage.current.put({ ...record, paused: true }));
  await expect(restart(order)).rejects.toMatchObject({ code: 'RELEASE_PAUSED' });
  expect(workloads.workloads).toMatchObject([{ generation: 1 }]);
});

test('a hold writes a revision that updates nothing more, and removes unready pods of the update alone', async () => {
  const runHold = createRunHold({ ...stage.deps, workloads: { ...stage.deps.workloads, ...workloads } });
  expect(await stage.run<'hold'>(runHold, { kind: 'hold', reason: 'it crashes' })).toMatchObject({ revision: 2 });
  expect((await stage.newest()).releaseConfig).toMatchObject({ spec: { held: { reason: 'it crashes' } } });
  expect((await stage.newest()).objects[0]?.object['spec']).toMatchObject({
    updateStrategy: { rollingUpdate: { partition: 2 } },
  });
  expect(workloads.pods).toMatchObject([{ name: 'db-0' }]);
});
