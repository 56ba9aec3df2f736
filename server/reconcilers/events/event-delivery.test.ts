import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDeliveryMarks } from '../../adapters/memory/delivery-marks.ts';
import { createMemoryEventBus, type MemoryEventBus } from '../../adapters/memory/event-bus.ts';
import { createMemoryLead } from '../../adapters/memory/leadership.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { deletedStatus } from '../../domain/answers/release-status.ts';
import { parseReleaseKey } from '../../domain/names/release-key.ts';
import type { DeliveryMark } from '../../ports/storage/delivery-marks.ts';
import { createEventDelivery, type EventDelivery } from './event-delivery.ts';
import type { FollowedRelease, StatusListener } from '../releases/release-statuses.ts';

let clock: ManualClock;
let bus: MemoryEventBus;
let kept: Map<string, DeliveryMark>;
let releases: Map<string, FollowedRelease>;
let listeners: Set<StatusListener>;
let problems: unknown[];
/** Runs once, while the next record is being published. */
let whilePublishing: () => void;
/** The lease has expired, and no listener was called yet. */
let hasExpired: boolean;
let stop: AbortController;
let running: Promise<unknown>;

beforeEach(() => {
  clock = createManualClock();
  bus = createMemoryEventBus();
  kept = new Map();
  releases = new Map();
  listeners = new Set();
  problems = [];
  whilePublishing = () => undefined;
  hasExpired = false;
  stop = new AbortController();
  running = Promise.resolve();
});

afterEach(async () => {
  stop.abort();
  await clock.advance(0);
  await running;
});

function followed(key: string, revision: number, ready = true): FollowedRelease {
  const state = { revision, phase: ready ? 'ready' : 'progressing', ready, reason: '', message: '' } as const;
  return {
    status: {
      key,
      ...parseReleaseKey(key),
      ...state,
      sequence: clock.now(),
      time: new Date(clock.now()).toISOString(),
    },
    config: { name: parseReleaseKey(key).name, configValues: { revision } },
  };
}

function change(after: FollowedRelease): void {
  releases.set(after.status.key, after);
  listeners.forEach((listener) => listener(after, undefined));
}

function remove(key: string): void {
  releases.delete(key);
  const gone = { status: deletedStatus(key, { sequence: clock.now(), time: '' }), config: null };
  listeners.forEach((listener) => listener(gone, undefined));
}

async function start(): Promise<EventDelivery> {
  const lead = createMemoryLead().contender();
  void lead.run(stop.signal);
  const delivery = createEventDelivery({
    statuses: {
      get: (key) => releases.get(key),
      all: () => releases.values(),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    complete: Promise.resolve(),
    bus: {
      async publish(records) {
        const meanwhile = whilePublishing;
        whilePublishing = () => undefined;
        meanwhile();
        await bus.publish(records);
      },
    },
    marks: createMemoryDeliveryMarks(kept),
    leadership: { isLeader: () => !hasExpired && lead.isLeader(), subscribe: (listener) => lead.subscribe(listener) },
    clock,
    topics: { config: 'config', status: 'status' },
    resendMs: 60_000,
    onError: (error) => problems.push(error),
  });
  running = delivery.run(stop.signal);
  await clock.advance(0);
  return delivery;
}

function published(topic: string, from = 0): unknown[] {
  return bus.published
    .slice(from)
    .filter((record) => record.topic === topic)
    .map(({ value }) => JSON.parse(value) as unknown);
}

describe('event delivery', () => {
  it('publishes every release at the start, keyed by its name', async () => {
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    expect(bus.published.map(({ topic, key }) => [topic, key])).toEqual([
      ['config', 'demo/web'],
      ['status', 'demo/web'],
    ]);
    expect(published('config')).toEqual([
      { type: 'CreateOrUpdate', data: { name: 'web', configValues: { revision: 1 } } },
    ]);
  });

  it('publishes what changed, and only that', async () => {
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    const before = bus.published.length;
    change({ ...followed('demo/web', 1, false) });
    await clock.advance(0);
    expect(published('config', before)).toEqual([]);
    expect(published('status', before)).toMatchObject([{ name: 'web', ready: false, phase: 'progressing' }]);
  });

  it('publishes what changed while an earlier state was on its way', async () => {
    releases.set('demo/web', followed('demo/web', 1, false));
    whilePublishing = () => change(followed('demo/web', 1));
    await start();
    await clock.advance(0);
    expect(published('status')).toMatchObject([{ ready: false }, { ready: true }]);
  });

  it('says that a release is gone that came and went around a kill, before any mark told of it', async () => {
    await start();
    let atTheKill = new Map<string, DeliveryMark>();
    whilePublishing = () => (atTheKill = new Map(kept));
    change(followed('demo/brief', 1));
    await clock.advance(0);
    stop.abort();
    await running;
    kept.clear();
    atTheKill.forEach((mark, key) => kept.set(key, mark));
    releases.clear();
    stop = new AbortController();
    await start();
    await clock.advance(0);
    expect(published('config').at(-1)).toMatchObject({ type: 'Delete', data: { name: 'brief' } });
  });

  it('says that what was installed around a kill is gone, where a mark told of the release alone', async () => {
    kept.set('demo/web', { config: '', status: 'installing' });
    let atTheKill = new Map<string, DeliveryMark>();
    whilePublishing = () => (atTheKill = new Map(kept));
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    stop.abort();
    await running;
    kept.clear();
    atTheKill.forEach((mark, key) => kept.set(key, mark));
    // The next install of it has failed meanwhile.
    releases.set('demo/web', { ...followed('demo/web', 0, false), config: null });
    const before = bus.published.length;
    stop = new AbortController();
    await start();
    expect(published('config', before)).toMatchObject([{ type: 'Delete', data: { name: 'web' } }]);
  });

  it('does not publish again what an earlier run of the server has published', async () => {
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    await clock.advance(2_000);
    stop.abort();
    await running;
    stop = new AbortController();
    const before = bus.published.length;
    await start();
    expect(bus.published.slice(before)).toEqual([]);
  });

  it('publishes the deletion of a release, even if it happened while no leader watched', async () => {
    kept.set('demo/old', { config: 'x', status: 'y' });
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    expect(published('config')).toContainEqual(expect.objectContaining({ type: 'Delete' }));
    const before = bus.published.length;
    remove('demo/web');
    await clock.advance(0);
    expect(published('config', before)).toMatchObject([{ type: 'Delete', data: { name: 'web', namespace: 'demo' } }]);
    expect(published('status', before)).toMatchObject([{ name: 'web', phase: 'deleted' }]);
    await clock.advance(2_000);
    expect([...kept.keys()]).toEqual([]);
  });

  it('publishes nothing when it wakes after its lease: the release may be gone, and the next leader has said so', async () => {
    releases.set('demo/web', followed('demo/web', 1));
    await start();
    const before = bus.published.length;
    hasExpired = true;
    await clock.advance(60_000);
    expect(bus.published.slice(before)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('publishes nothing whose mark was being stored when its lease was over', async () => {
    await start();
    change(followed('demo/web', 1));
    hasExpired = true;
    await clock.advance(0);
    expect(bus.published).toEqual([]);
  });

  it('delivers the latest state after an outage', async () => {
    await start();
    bus.fail(true);
    change(followed('demo/web', 1));
    await clock.advance(3_000);
    change(followed('demo/web', 2));
    await clock.advance(3_000);
    expect(bus.published).toEqual([]);
    expect(problems.length).toBeGreaterThan(1);
    bus.fail(false);
    await clock.advance(20_000);
    expect(published('config')).toMatchObject([{ data: { configValues: { revision: 2 } } }]);
  });

  it('publishes everything again within the period', async () => {
    for (let i = 0; i < 20; i++) {
      releases.set(`demo/r${i}`, followed(`demo/r${i}`, 1));
    }
    await start();
    const before = bus.published.length;
    await clock.advance(30_000);
    const half = published('config', before).length;
    expect(half).toBeGreaterThanOrEqual(8);
    expect(half).toBeLessThanOrEqual(12);
    await clock.advance(30_000);
    expect(published('config', before)).toHaveLength(20);
  });
});
