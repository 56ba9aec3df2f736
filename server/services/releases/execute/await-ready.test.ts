import { expect, test } from 'vitest';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryLiveObjects } from '../../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { asKubeObject } from '../../../domain/kube/kube-object.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import { createAwaitReady } from './await-ready.ts';

const job = (succeeded: number) =>
  asKubeObject({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web', namespace: 'shop', uid: 'web' },
    spec: { completions: 1 },
    status: { succeeded, conditions: succeeded === 0 ? [] : [{ type: 'Complete', status: 'True' }] },
  });

function setUp() {
  const clock = createManualClock();
  const live = createMemoryLiveObjects();
  const revision = recordedRevision({ name: 'web', namespace: 'shop', objects: [] });
  const objects = [{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'web' }];
  const record = { ...toReleaseRecord(revision, { earlier: null, firstWritten: '' }), objects };
  const listeners = new Set<() => void>();
  const awaitReady = createAwaitReady({
    cache: { get: () => Promise.resolve(record) },
    live,
    watchRelease: (_, listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clock,
  });
  const stop = new AbortController();
  const said: string[] = [];
  let ended = false;
  const report = ({ message }: { message: string }) => void said.push(message);
  live.put(job(0));
  return {
    clock,
    live,
    said,
    stop,
    listeners,
    isOver: () => ended,
    wait: (timeoutMs: number) =>
      awaitReady('shop/web', { revision: 1, timeoutMs, signal: stop.signal, report }).finally(() => (ended = true)),
  };
}

test('it ends with the event that the release is ready, not after a time', async () => {
  const { clock, live, said, listeners, isOver, wait } = setUp();
  const waiting = wait(60_000);
  await clock.advance(0);
  expect(said).toHaveLength(1);
  listeners.forEach((tell) => tell());
  await clock.advance(0);
  expect(isOver()).toBe(false);
  live.put(job(1));
  listeners.forEach((tell) => tell());
  await waiting;
  expect(said).toHaveLength(1);
  expect(listeners.size).toBe(0);
});

test('it gives up after its time, and at once when it is aborted', async () => {
  const { clock, listeners, wait } = setUp();
  const waiting = expect(wait(1_500)).rejects.toMatchObject({ code: 'OPERATION_TIMEOUT' });
  await clock.advance(1_000);
  await clock.advance(500);
  await waiting;
  const other = setUp();
  const stopped = expect(other.wait(60_000)).rejects.toThrow('enough');
  await other.clock.advance(0);
  other.stop.abort(new Error('enough'));
  await stopped;
  expect(listeners.size + other.listeners.size).toBe(0);
});
