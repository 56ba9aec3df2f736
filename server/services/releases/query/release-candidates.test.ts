import { beforeEach, expect, test } from 'vitest';
import { kubeObject, picture } from '../../../../test/harness/clients/kube-objects.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { orderOf, taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import { createFindCandidates, type CandidatesDeps } from './release-candidates.ts';

const NOW = Date.parse('2026-03-01T00:10:00Z');

let cache: ReleaseCache;
let tasks: Task[];

beforeEach(() => {
  cache = createMemoryReleaseCache();
  tasks = [];
});

function find(statuses: CandidatesDeps['statuses'] = { get: () => undefined }) {
  return createFindCandidates({
    cache,
    live: picture(kubeObject('v1', 'Service', 'unused')),
    clock: createManualClock(NOW),
    statuses,
    tasks: {
      all: () => tasks.map((task) => ({ task, version: 1 })),
      tasksOf: (key: ReleaseKey) => tasks.filter((task) => taskKey(task) === key),
    },
  });
}

async function put(namespace: string, name: string): Promise<void> {
  const revision = recordedRevision({ namespace, name, objects: [] });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
}

const installing = (namespace: string, release: string, given: Partial<Task> = {}): Task =>
  taskWith({ id: release, order: orderOf('install'), namespace, release, state: 'running', attempt: 1, ...given });

test('they are the releases with a record, and those that so far have only a task, each once', async () => {
  await put('a', 'web');
  tasks = [installing('a', 'web'), installing('a', 'new'), installing('b', 'other')];
  const keys = async (namespace?: string) => (await find()(namespace, null, NOW)).map(({ key }) => key);
  expect(await keys()).toEqual(['a/web', 'a/new', 'b/other']);
  expect(await keys('b')).toEqual(['b/other']);
});

test('the task of a project, and a delete of what is not there, are not releases', async () => {
  tasks = [
    installing('a', 'part', { project: 'p' }),
    taskWith({ id: 'gone', namespace: 'a', release: 'gone', state: 'succeeded' }),
  ];
  expect(await find()(undefined, null, NOW)).toEqual([]);
});

test('the live status is preferred to what is described', async () => {
  await put('a', 'web');
  const [live] = await find({ get: () => ({ status: { ready: false, phase: 'failed' } }) })('a', null, NOW);
  expect([live?.ready(), live?.phase()]).toEqual([false, 'failed']);
  const [described] = await find()('a', null, NOW);
  expect(described?.phase()).not.toBe('failed');
});
