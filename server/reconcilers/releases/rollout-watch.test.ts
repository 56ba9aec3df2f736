import { afterEach, beforeEach, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryLead } from '../../adapters/memory/leadership.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemoryRolloutMarks } from '../../adapters/memory/rollout-marks.ts';
import { asKubeObject, type KubeObject } from '../../domain/kube/kube-object.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createDenials, type Denials } from '../../services/automation/denials.ts';
import type { RolloutAnswer } from '../../services/releases/accept/handle-failed-rollout.ts';
import { createRolloutWatch } from './rollout-watch.ts';

const sealed: SealState = { sealed: true, by: person('ann'), at: '2026-01-01T00:00:00Z', operation: 'upgrade' };

let clock: ManualClock;
let cache: ReleaseCache;
let denials: Denials;
let answered: string[];
/** The Deployment as it is now; what the view shows has failed. */
let now: KubeObject | undefined;
/** What is done about the failed rollout. */
let outcome: RolloutAnswer;
let stop: AbortController;
let stopped: Promise<unknown>;

beforeEach(async () => {
  clock = createManualClock();
  cache = createMemoryReleaseCache();
  denials = createDenials();
  answered = [];
  outcome = { is: 'submitted' };
  stop = new AbortController();
  const live = createMemoryLiveObjects();
  const failing = asKubeObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'demo', uid: 'u', generation: 1 },
    spec: { replicas: 1 },
    status: {
      observedGeneration: 1,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    },
  });
  live.put(failing);
  now = failing;
  const leadership = createMemoryLead().contender();
  const watch = createRolloutWatch({
    complete: Promise.resolve(),
    cache,
    live,
    marks: createMemoryRolloutMarks(),
    workloads: {
      read: () => Promise.resolve(now),
      removePod: () => Promise.reject(new Error('no pod is removed')),
    },
    rolloutBegan: () => Promise.resolve(0),
    leadership,
    handleFailedRollout(record) {
      answered.push(`${record.key} ${record.revision}`);
      return Promise.resolve(outcome);
    },
    judge: () => Promise.reject(new Error('nobody is asked')),
    denials,
    clock,
    random: () => 1,
    deadlineMs: 1_000,
    onError: (key, error) => {
      throw new Error(`${key} failed`, { cause: error });
    },
  });
  stopped = Promise.all([leadership.run(stop.signal), watch.run(stop.signal)]);
  await clock.advance(0);
});

afterEach(async () => {
  stop.abort();
  await stopped;
});

async function write(seal: SealState): Promise<void> {
  const revision = recordedRevision({ revision: 2, releaseConfig: releaseConfig({ onFailure: 'rollback' }), seal });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: '' }));
  await clock.advance(10_000);
}

test('a failed rollout of what is sealed is answered', async () => {
  await write(sealed);
  expect(answered[0]).toBe('demo/web 2');
  expect(denials.count()).toBe(0);
});

test('a failure that only a view which lags shows is none', async () => {
  // The revision changed it, and its controller has not seen that.
  now = now && { ...now, metadata: { ...now.metadata, generation: 2 } };
  await write(sealed);
  await clock.advance(60_000);
  expect(answered).toEqual([]);
});

test('nothing is done about one that is not sealed', async () => {
  await write({ sealed: false, reason: 'its values is not what was sealed' });
  await clock.advance(60 * 60_000);
  expect(answered).toEqual([]);
});

test('nor about one whose seal says that it is an answer itself', async () => {
  await write({ ...sealed, operation: 'rollback' });
  await write({ ...sealed, operation: 'hold' });
  expect(answered).toEqual([]);
});

test('a missing right is reported, and tried again after minutes, not in a loop', async () => {
  const denial = { reason: 'user "ann" cannot update releaseconfigs' };
  outcome = { is: 'denied', denial };
  await write(sealed);
  expect(answered).toHaveLength(1);
  expect(denials.of('demo/web')).toEqual([{ what: 'onFailure', denial }]);
  await clock.advance(160_000);
  expect(answered).toHaveLength(1);
  outcome = { is: 'submitted' };
  await clock.advance(30_000);
  expect(answered).toHaveLength(2);
  expect(denials.count()).toBe(0);
});

test('a reaction that was submitted is looked after until the release has another revision', async () => {
  await write(sealed);
  await clock.advance(30_000);
  expect(answered).toHaveLength(2);
  await write({ ...sealed, operation: 'rollback' });
  await clock.advance(60 * 60_000);
  expect(answered).toHaveLength(2);
});

test('where there is nothing to do, it is not looked again', async () => {
  outcome = { is: 'nothing' };
  await write(sealed);
  await clock.advance(60 * 60_000);
  expect(answered).toHaveLength(1);
});
