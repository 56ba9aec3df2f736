import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryLead } from '../../adapters/memory/leadership.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemorySecretChanges, type MemorySecretChanges } from '../../adapters/memory/secret-changes.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { asKubeObject } from '../../domain/kube/kube-object.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../domain/release/release-record.ts';
import type { Task, UpgradeOrder } from '../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { derivedTask } from '../../services/tasks/derived-task.ts';
import { createDenials, type Denials } from '../../services/automation/denials.ts';
import { type Denial, denialOf } from '../../services/automation/judge-automation.ts';
import type { Provider } from '../../services/dependencies/read-provider.ts';
import { createDependencyInjection, type DependencyInjection } from './dependency-injection.ts';

let clock: ManualClock;
let live: MemoryLiveObjects;
let secrets: MemorySecretChanges;
let cache: ReleaseCache;
let store: TaskStore;
let injection: DependencyInjection;
let stop: AbortController;
let stopped: Promise<unknown>;
/** What each release publishes: one output, by release. */
let published: Map<ReleaseKey, string>;
let looked: ReleaseKey[];
let tellReadiness: (key: ReleaseKey) => void;
let ids: number;
/**
 * The cluster's review of the identity of the dependents: null means they may; and whether a missing right has been
 * granted.
 */
let refusal: ({ may: false } & Denial) | null;
let given: boolean;
let denials: Denials;
const ann = person('ann');

beforeEach(() => {
  clock = createManualClock();
  live = createMemoryLiveObjects();
  secrets = createMemorySecretChanges();
  cache = createMemoryReleaseCache();
  store = createMemoryTaskStore();
  published = new Map();
  looked = [];
  ids = 0;
  refusal = null;
  given = false;
  denials = createDenials();
  start(Promise.resolve());
});

function start(complete: Promise<void>): void {
  stop = new AbortController();
  const leadership = createMemoryLead().contender();
  injection = createDependencyInjection({
    complete,
    cache,
    live,
    secrets,
    store,
    leadership,
    readProvider,
    judge: (record) => Promise.resolve(refusal === null ? { may: true, as: ann, since: record.updated } : refusal),
    hasRight: () => Promise.resolve(given),
    denials,
    denialOf: ({ message, details }) => denialOf({ message, details }, { serviceAccount: '' }),
    onReadiness(listener) {
      tellReadiness = listener;
      return () => undefined;
    },
    clock,
    random: () => 1,
    newId: () => `task-${(ids += 1)}`,
    onError: (key, error) => {
      throw new Error(`${key} failed`, { cause: error });
    },
  });
  stopped = Promise.all([leadership.run(stop.signal), injection.run(stop.signal)]);
}

afterEach(async () => {
  stop.abort();
  await stopped;
});

async function readProvider(key: ReleaseKey): Promise<Provider | null> {
  looked.push(key);
  const record = await cache.get(key);
  const value = published.get(key);
  const outputs: Record<string, string> = value === undefined ? {} : { it: value };
  return record === undefined ? null : { record, outputs, shown: outputs, digest: String(value), digests: outputs };
}

/** Writes a release's next revision, with the present outputs of its providers injected. */
async function write(name: string, providers: readonly string[] = [], changes: Partial<ReleaseRecord> = {}) {
  const former = await cache.get(`demo/${name}`);
  const injected = providers.flatMap((provider) => {
    const value = published.get(`demo/${provider}`);
    return value === undefined
      ? []
      : [{ key: provider, provider: `demo/${provider}`, digest: value, revision: 1, outputs: { it: value } }];
  });
  const dependencies = Object.fromEntries(providers.map((provider) => [provider, provider]));
  const revision = recordedRevision({
    name,
    namespace: 'demo',
    revision: (former?.revision ?? 0) + 1,
    releaseConfig: releaseConfig({ dependencies, injected }),
    objects: [],
  });
  await cache.put({ ...toReleaseRecord(revision, { earlier: null, firstWritten: '' }), ...changes });
  await clock.advance(0);
}

function queued(): string[] {
  return store.unfinished().map(({ task }) => `${task.release}: ${(task.order as UpgradeOrder).cause}`);
}

/** Ends the task of a release. */
async function end(name: string, changes: Partial<Task> = { state: 'succeeded' }) {
  const [stored] = store.unfinishedOf(`demo/${name}`);
  if (stored === undefined) {
    throw new Error(`${name} has no task`);
  }
  await store.update(stored, { ...stored.task, finishedAt: 'now', ...changes });
  await clock.advance(0);
}

async function publish(name: string, value: string) {
  published.set(`demo/${name}`, value);
  await write(name);
}

describe('in whose name', () => {
  beforeEach(async () => {
    await publish('zk', 'a');
    await write('ka', ['zk']);
  });

  test('a dependent is upgraded: who made it what it is', async () => {
    await publish('zk', 'b');
    const [stored] = store.unfinishedOf('demo/ka');
    expect(stored?.task).toMatchObject({ caller: ann, unattended: { since: '2026-03-01T00:00:00Z' } });
  });

  test('who may not any more keeps it as it is, until the rights are asked about again', async () => {
    refusal = { may: false, reason: 'ann may not' };
    await publish('zk', 'b');
    expect(queued()).toEqual([]);
    expect(injection.whyNotCurrent('demo/ka')).toBe('ann may not');
    expect(denials.of('demo/ka')).toEqual([{ what: 'dependencies', denial: refusal }]);
    refusal = null;
    await clock.advance(170_000);
    expect(queued()).toEqual([]);
    await clock.advance(20_000);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
    expect(denials.count()).toBe(0);
  });

  describe('once the cluster refused an object', () => {
    const message =
      'secrets is forbidden: User "ann" cannot create resource "secrets" in API group "" in the namespace "walm-system"';

    beforeEach(async () => {
      await publish('zk', 'b');
      await end('ka', { state: 'failed', error: { code: 'FORBIDDEN', message, details: {} } });
    });

    test('it is not tried again and again', async () => {
      await clock.advance(60 * 60_000);
      expect(queued()).toEqual([]);
      expect(denials.of('demo/ka')).toMatchObject([
        { denial: { missing: { verb: 'create', group: '', resource: 'secrets', namespace: 'walm-system' } } },
      ]);
    });

    test('it is when the right was given', async () => {
      given = true;
      await clock.advance(180_000);
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('it is when the provider changes', async () => {
      await publish('zk', 'c');
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('it is when the release changes', async () => {
      await cache.get('demo/ka').then((record) => cache.put({ ...record!, revision: 7 }));
      await clock.advance(0);
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    });
  });

  test('a record that was exchanged, or a provider that is not sealed any more, is no failure that time heals', async () => {
    await publish('zk', 'b');
    const message = 'Walm does not act by itself on revision 2 of release demo/ka';
    await end('ka', { state: 'failed', error: { code: 'RELEASE_NOT_SEALED', message, details: {} } });
    await clock.advance(60 * 60_000);
    expect(queued()).toEqual([]);
    expect(denials.of('demo/ka')).toMatchObject([{ what: 'dependencies', denial: { reason: message } }]);
    await publish('zk', 'c');
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('dependents further down do not wait for one that is not allowed', async () => {
    await write('app', ['zk', 'ka']);
    refusal = { may: false, reason: 'ann may not' };
    await publish('zk', 'b');
    refusal = null;
    await write('app', ['ka'], {});
    await publish('ka', 'x');
    expect(queued()).toContain('app: ka outputs changed: it');
  });
});

describe('a dependent', () => {
  beforeEach(async () => {
    await publish('zk', 'a');
    await write('ka', ['zk']);
  });

  test('is upgraded once when what it takes has changed, with the cause', async () => {
    expect(queued()).toEqual([]);
    await publish('zk', 'b');
    await publish('zk', 'c');
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
    await write('ka', ['zk']);
    await end('ka');
    await clock.advance(60_000);
    expect(queued()).toEqual([]);
    expect(injection.whyNotCurrent('demo/ka')).toBeUndefined();
  });

  test('is left alone until everything is known: what is not read yet is not gone', async () => {
    stop.abort();
    await stopped;
    const known = Promise.withResolvers<void>();
    start(known.promise);
    await publish('zk', 'b');
    expect(queued()).toEqual([]);
    known.resolve();
    await clock.advance(0);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when an object that an output is taken from changes', async () => {
    await write('zk', [], { outputs: { it: 'service:zk.nodePort' } });
    published.set('demo/zk', 'b');
    expect(queued()).toEqual([]);
    live.put(asKubeObject({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'zk', namespace: 'demo' } }));
    await clock.advance(0);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when a Secret of somebody else changes that an output is taken from', async () => {
    await write('zk', [], { outputs: { it: 'secret:$release-auth.password' } });
    published.set('demo/zk', 'b');
    secrets.change('demo/other');
    await clock.advance(0);
    expect(queued()).toEqual([]);
    secrets.change('demo/zk-auth');
    await clock.advance(0);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('waits while it is paused or was changed by somebody else, and says so', async () => {
    const record = await cache.get('demo/ka');
    await cache.put({ ...(record as ReleaseRecord), paused: true });
    await publish('zk', 'b');
    expect(injection.whyNotCurrent('demo/ka')).toBe('waits: the release is paused');
    await cache.put({ ...(record as ReleaseRecord), outside: { revision: 1, since: '' } });
    await clock.advance(0);
    expect(injection.whyNotCurrent('demo/ka')).toContain('changed behind Walm');
    expect(queued()).toEqual([]);
    await cache.put(record as ReleaseRecord);
    await clock.advance(0);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is tried again after growing pauses when its upgrade fails, and says why', async () => {
    await publish('zk', 'b');
    const error = { code: 'QUOTA_EXCEEDED', message: 'no such zookeeper', details: {} };
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      await end('ka', { state: 'failed', error });
      expect(injection.whyNotCurrent('demo/ka')).toBe('failed, trying again: no such zookeeper');
      await clock.advance(pauseMs - 1);
      expect(queued()).toEqual([]);
      await clock.advance(1);
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    }
  });

  test('waits for a change when its upgrade fails because of what it consists of', async () => {
    await publish('zk', 'b');
    const error = { code: 'FIELD_IMMUTABLE', message: 'the size is fixed', details: {} };
    await end('ka', { state: 'failed', error });
    // The attempt left a failed revision: the applied one is unchanged.
    const record = await cache.get('demo/ka');
    const attempt = { revision: 2, status: 'failed', at: '', message: 'no' };
    await cache.put({ ...(record as ReleaseRecord), attempt });
    await clock.advance(60 * 60_000);
    expect(queued()).toEqual([]);
    expect(injection.whyNotCurrent('demo/ka')).toBe(
      'failed, waits for a change of the release or of what it depends on: the size is fixed',
    );
    await publish('zk', 'c');
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
    await end('ka', { state: 'failed', error });
    await clock.advance(60 * 60_000);
    expect(queued()).toEqual([]);
    await cache.put({ ...(record as ReleaseRecord), revision: 9 });
    await clock.advance(0);
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  describe('of a provider that is not ready', () => {
    const deployment = (readyReplicas: number) =>
      asKubeObject({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'zk', namespace: 'demo', uid: 'zk', generation: 1 },
        spec: { replicas: 1 },
        status: {
          observedGeneration: 1,
          replicas: 1,
          updatedReplicas: 1,
          readyReplicas,
          availableReplicas: readyReplicas,
        },
      });
    const objects = [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'zk' }];

    beforeEach(async () => {
      live.put(deployment(0));
      published.set('demo/zk', 'b');
      await write('zk', [], { objects });
    });

    test('is upgraded at the moment when it is', async () => {
      expect(injection.whyNotCurrent('demo/ka')).toContain('waits: demo/zk is not ready');
      expect(queued()).toEqual([]);
      live.put(deployment(1));
      tellReadiness('demo/zk');
      await clock.advance(0);
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('waits ten minutes and no longer', async () => {
      await clock.advance(10 * 60_000 - 1);
      expect(queued()).toEqual([]);
      await clock.advance(1);
      expect(queued()).toEqual(['ka: zk outputs changed: it']);
    });
  });

  test('waits for its own task, and is upgraded when that has ended without giving it anything', async () => {
    const order = { kind: 'delete', keepHistory: false } as unknown as Task['order'];
    const about = { id: 'own', namespace: 'demo', release: 'ka', order, caller: null, requestId: 'own' };
    await store.create(derivedTask(clock, about));
    await publish('zk', 'b');
    expect(injection.whyNotCurrent('demo/ka')).toBe('waits: a task of the release is under way');
    await end('ka', { state: 'cancelled' });
    expect(queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when its provider settles without a change, in a diamond too', async () => {
    published.set('demo/side', 'a');
    await write('side', ['zk']);
    await publish('other', 'a');
    await write('low', ['side', 'other']);
    await store.create(
      derivedTask(clock, {
        id: 'restart',
        namespace: 'demo',
        release: 'zk',
        order: { kind: 'restart', mode: 'rolling' } as unknown as Task['order'],
        caller: null,
        requestId: 'restart',
      }),
    );
    await publish('other', 'b');
    expect(injection.whyNotCurrent('demo/low')).toBe('waits: demo/side is about to change');
    await end('zk');
    expect(queued()).toEqual(['low: other outputs changed: it']);
  });

  test('keeps what it has when its provider is gone, and is forgotten when it goes itself', async () => {
    await cache.remove('demo/zk');
    await clock.advance(0);
    expect(queued()).toEqual([]);
    await cache.remove('demo/ka');
    await publish('zk', 'b');
    expect(queued()).toEqual([]);
  });
});

test('of a diamond each release is upgraded once, the last one when the others have settled', async () => {
  await publish('top', 'a');
  published.set('demo/left', 'a').set('demo/right', 'a');
  await write('left', ['top']);
  await write('right', ['top']);
  await write('bottom', ['left', 'right']);
  await publish('top', 'b');
  expect(queued()).toEqual(['left: top outputs changed: it', 'right: top outputs changed: it']);
  published.set('demo/left', 'b');
  await write('left', ['top']);
  await end('left');
  await clock.advance(1_000);
  expect(queued()).toEqual(['right: top outputs changed: it']);
  published.set('demo/right', 'b');
  await write('right', ['top']);
  await end('right');
  await clock.advance(1_000);
  expect(queued()).toEqual(['bottom: left outputs changed: it; right outputs changed: it']);
});

test('of a thousand dependents each is upgraded once, and a thousand unrelated releases are not looked at', async () => {
  await publish('zk', 'a');
  const names = Array.from({ length: 1_000 }, (_, index) => `ka-${index}`);
  for (const name of names) {
    await write(name, ['zk']);
    await write(`alone-${name}`);
  }
  looked = [];
  published.set('demo/zk', 'b');
  let before: number | undefined;
  const stopTelling = store.subscribe(() => (before ??= looked.length));
  await write('zk');
  await injection.drain();
  stopTelling();
  // The first one does not wait until all have been looked at.
  expect(before).toBeLessThan(50);
  expect(queued()).toHaveLength(1_000);
  expect(new Set(looked)).toEqual(new Set(['demo/zk']));
  await publish('zk', 'c');
  expect(queued()).toHaveLength(1_000);
});

test('a release that depends on nothing and is depended on by nobody causes no work', async () => {
  await publish('alone', 'a');
  await publish('alone', 'b');
  expect(looked).toEqual([]);
});
