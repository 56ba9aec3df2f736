import { expect, test } from 'vitest';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { asKubeObject } from '../../domain/kube/kube-object.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { timestamp } from '../../ports/runtime/clock.ts';
import { createAwaitProviders } from './await-providers.ts';

const job = (succeeded: number) =>
  asKubeObject({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'db', namespace: 'demo', uid: 'db' },
    spec: { completions: 1 },
    status: { succeeded, conditions: succeeded === 0 ? [] : [{ type: 'Complete', status: 'True' }] },
  });

function setUp({ installed = true, coming = false } = {}) {
  const clock = createManualClock();
  const live = createMemoryLiveObjects();
  const revision = recordedRevision({ name: 'db', namespace: 'demo', objects: [] });
  const objects = [{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'demo', name: 'db' }];
  const record = { ...toReleaseRecord(revision, { earlier: null, firstWritten: '' }), objects };
  const task: Pick<Task, 'namespace' | 'startedAt'> = { namespace: 'demo', startedAt: timestamp(clock) };
  const said: string[] = [];
  const listeners = new Set<() => void>();
  const awaitProviders = createAwaitProviders({
    watchRelease: (key, listener) => {
      expect(key).toBe('demo/db');
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    findDeployed: () => Promise.resolve(installed ? record : null),
    store: { unfinishedOf: () => (coming ? [{ task: task as Task, version: 1 }] : []) },
    live,
    clock,
  });
  return {
    clock,
    live,
    said,
    tell: () => listeners.forEach((listener) => listener()),
    listening: () => listeners.size,
    wait: () => awaitProviders(task, { db: 'db' }, { report: ({ message }) => void said.push(message) }),
  };
}

test('a release waits while its provider is not ready, and says for what', async () => {
  const { live, said, wait } = setUp();
  live.put(job(0));
  expect(await wait()).not.toBeNull();
  expect(said).toEqual([expect.stringContaining('waits for release demo/db, which dependency db names: ')]);
  live.put(job(1));
  expect(await wait()).toBeNull();
});

test('it waits for a provider that is being installed, and not for one that has no task', async () => {
  expect(await setUp({ installed: false, coming: true }).wait()).not.toBeNull();
  expect(await setUp({ installed: false }).wait()).toBeNull();
});

test('it gives up after ten minutes', async () => {
  const { clock, live, wait } = setUp();
  live.put(job(0));
  await clock.advance(10 * 60_000);
  expect(await wait()).not.toBeNull();
  await clock.advance(1);
  await expect(wait()).rejects.toMatchObject({ code: 'DEPENDENCY_NOT_READY' });
});

test('it checks again with each event of its provider, even one that came in between', async () => {
  const { live, wait, tell, listening, clock } = setUp();
  let woken = 0;
  live.put(job(0));
  const stop = (await wait())?.sooner?.(() => (woken += 1));
  await clock.advance(0);
  expect(woken).toBe(0);
  tell();
  expect(woken).toBe(1);
  stop?.();
  expect(listening()).toBe(0);
  const later = await wait();
  live.put(job(1));
  later?.sooner?.(() => (woken += 1));
  await clock.advance(0);
  expect(woken).toBe(2);
});
