import { afterEach, expect, test } from 'vitest';
import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { createReleaseStatuses } from './release-statuses.ts';

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
});

const configMap = (name: string, turn: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', uid: name, resourceVersion: `${turn}` },
});

const projectTask = taskWith({ id: 'p', namespace: 'shop', release: '', project: 'mall', state: 'running' });

/** A release of this many objects, and how often its status was computed. */
async function follow(count: number) {
  const key = releaseKey('shop', 'web');
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  const objects = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name }));
  const record = { key, namespace: 'shop', name: 'web', objects } as unknown as ReleaseRecord;
  const clock = createManualClock();
  const live = createMemoryLiveObjects();
  let looks = 0;
  let changeRecord = (): void => undefined;
  let changeTask: (task: Task) => void = () => undefined;
  const statuses = createReleaseStatuses({
    cache: {
      get: async () => record,
      list: async () => [record],
      subscribe(listener) {
        changeRecord = () => listener(key, record);
        return () => undefined;
      },
    },
    live,
    tasks: {
      all: () => [{ task: projectTask, version: 1 }],
      subscribe(listener) {
        changeTask = (task) => listener(task, false);
        return () => undefined;
      },
    },
    async describe() {
      looks += 1;
      return {
        name: 'web',
        namespace: 'shop',
        version: 1,
        phase: 'ready',
        reason: '',
        ready: true,
        message: '',
        waitingFor: [],
      } as unknown as ReleaseInfo;
    },
    clock,
    random: () => 0.5,
    onError: (_, error) => expect.unreachable(String(error)),
  });
  void statuses.run(ended.signal);
  await clock.advance(0);
  return {
    clock,
    changeRecord: () => changeRecord(),
    changeTask: (task: Task) => changeTask(task),
    keys: () => [...statuses.all()].map(({ status }) => status.key),
    looks: () => looks,
    /** Every object changes, one after the other. */
    async changeObjects(turn: number) {
      for (const name of names) {
        live.put(configMap(name, turn));
        await statuses.drain();
      }
    },
  };
}

test('a large release is not looked at for each of its objects that changes, and at last as it is', async () => {
  const large = await follow(1_000);
  expect(large.looks()).toBe(1);
  await large.changeObjects(1);
  expect(large.looks()).toBe(1);
  await large.clock.advance(1_000);
  expect(large.looks()).toBe(2);
  await large.clock.advance(60_000);
  expect(large.looks()).toBe(2);
});

test('a change of the release itself is looked at at once, whatever its size', async () => {
  const large = await follow(1_000);
  large.changeRecord();
  await large.clock.advance(0);
  expect(large.looks()).toBe(2);
});

test('a small release is looked at whenever one of its objects changes', async () => {
  const small = await follow(3);
  await small.changeObjects(1);
  expect(small.looks()).toBe(4);
});

test('the task of a project is told of as no release', async () => {
  const small = await follow(1);
  small.changeTask(projectTask);
  await small.clock.advance(0);
  expect(small.keys()).toEqual(['shop/web']);
  expect(small.looks()).toBe(1);
});
