import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PropagationStage, startPropagationStage } from '../../../test/harness/fakes/propagation-stage.ts';
import { asKubeObject } from '../../domain/kube/kube-object.ts';
import type { ReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { derivedTask } from '../../services/tasks/derived-task.ts';

let stage: PropagationStage;
beforeEach(() => void (stage = startPropagationStage()));
afterEach(() => stage.stop());

describe('a dependent', () => {
  beforeEach(async () => {
    await stage.publish('zk', 'a');
    await stage.write('ka', ['zk']);
  });

  test('is upgraded once when what it takes has changed, with the cause', async () => {
    expect(stage.queued()).toEqual([]);
    await stage.publish('zk', 'b');
    await stage.publish('zk', 'c');
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    await stage.write('ka', ['zk']);
    await stage.end('ka');
    await stage.clock.advance(60_000);
    expect(stage.queued()).toEqual([]);
    expect(stage.injection.whyNotCurrent('demo/ka')).toBeUndefined();
  });

  test('is left alone until everything is known: what is not read yet is not gone', async () => {
    const known = Promise.withResolvers<void>();
    await stage.restart(known.promise);
    await stage.publish('zk', 'b');
    expect(stage.queued()).toEqual([]);
    known.resolve();
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when an object that an output is taken from changes', async () => {
    await stage.write('zk', [], { outputs: { it: 'service:zk.nodePort' } });
    stage.published.set('demo/zk', 'b');
    expect(stage.queued()).toEqual([]);
    stage.live.put(asKubeObject({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'zk', namespace: 'demo' } }));
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when a foreign Secret changes that an output comes from', async () => {
    await stage.write('zk', [], { outputs: { it: 'secret:$release-auth.password' } });
    stage.published.set('demo/zk', 'b');
    stage.secrets.change('demo/other');
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual([]);
    stage.secrets.change('demo/zk-auth');
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('waits while it is paused or was changed outside of Walm, and says so', async () => {
    const record = await stage.cache.get('demo/ka');
    await stage.cache.put({ ...(record as ReleaseRecord), paused: true });
    await stage.publish('zk', 'b');
    expect(stage.injection.whyNotCurrent('demo/ka')).toBe('waits: the release is paused');
    await stage.cache.put({ ...(record as ReleaseRecord), outside: { revision: 1, since: '' } });
    await stage.clock.advance(0);
    expect(stage.injection.whyNotCurrent('demo/ka')).toContain('changed outside of Walm');
    expect(stage.queued()).toEqual([]);
    await stage.cache.put(record as ReleaseRecord);
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is tried again after growing pauses when its upgrade fails, and says why', async () => {
    await stage.publish('zk', 'b');
    const error = { code: 'QUOTA_EXCEEDED', message: 'no such zookeeper', details: {} };
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      await stage.end('ka', { state: 'failed', error });
      expect(stage.injection.whyNotCurrent('demo/ka')).toBe('failed, trying again: no such zookeeper');
      await stage.clock.advance(pauseMs - 1);
      expect(stage.queued()).toEqual([]);
      await stage.clock.advance(1);
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    }
  });

  test('waits for a change when its upgrade fails because of what it consists of', async () => {
    await stage.publish('zk', 'b');
    const error = { code: 'FIELD_IMMUTABLE', message: 'the size is fixed', details: {} };
    await stage.end('ka', { state: 'failed', error });
    // The attempt left a failed revision: the applied one is unchanged.
    const record = await stage.cache.get('demo/ka');
    const attempt = { revision: 2, status: 'failed', at: '', message: 'no' } as const;
    await stage.cache.put({ ...(record as ReleaseRecord), attempt });
    await stage.clock.advance(60 * 60_000);
    expect(stage.queued()).toEqual([]);
    expect(stage.injection.whyNotCurrent('demo/ka')).toBe(
      'failed, waits for a change of the release or of what it depends on: the size is fixed',
    );
    await stage.publish('zk', 'c');
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    await stage.end('ka', { state: 'failed', error });
    await stage.clock.advance(60 * 60_000);
    expect(stage.queued()).toEqual([]);
    await stage.cache.put({ ...(record as ReleaseRecord), revision: 9 });
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
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
      stage.live.put(deployment(0));
      stage.published.set('demo/zk', 'b');
      await stage.write('zk', [], { objects });
    });

    test('is upgraded at the moment when it is', async () => {
      expect(stage.injection.whyNotCurrent('demo/ka')).toContain('waits: demo/zk is not ready');
      expect(stage.queued()).toEqual([]);
      stage.live.put(deployment(1));
      stage.tellReadiness('demo/zk');
      await stage.clock.advance(0);
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('waits ten minutes and no longer', async () => {
      await stage.clock.advance(10 * 60_000 - 1);
      expect(stage.queued()).toEqual([]);
      await stage.clock.advance(1);
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    });
  });

  test('waits for its own task, and is upgraded when that has ended without giving it anything', async () => {
    const order = { kind: 'delete', keepHistory: false } as unknown as Task['order'];
    const about = { id: 'own', namespace: 'demo', release: 'ka', order, caller: null, requestId: 'own' };
    await stage.store.create(derivedTask(stage.clock, about));
    await stage.publish('zk', 'b');
    expect(stage.injection.whyNotCurrent('demo/ka')).toBe('waits: a task of the release is under way');
    await stage.end('ka', { state: 'cancelled' });
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('is upgraded when its provider settles without a change, in a diamond too', async () => {
    stage.published.set('demo/side', 'a');
    await stage.write('side', ['zk']);
    await stage.publish('other', 'a');
    await stage.write('low', ['side', 'other']);
    await stage.store.create(
      derivedTask(stage.clock, {
        id: 'restart',
        namespace: 'demo',
        release: 'zk',
        order: { kind: 'restart', mode: 'rolling' } as unknown as Task['order'],
        caller: null,
        requestId: 'restart',
      }),
    );
    await stage.publish('other', 'b');
    expect(stage.injection.whyNotCurrent('demo/low')).toBe('waits: demo/side is about to change');
    await stage.end('zk');
    expect(stage.queued()).toEqual(['low: other outputs changed: it']);
  });

  test('keeps what it has when its provider is gone, and is forgotten when it goes itself', async () => {
    await stage.cache.remove('demo/zk');
    await stage.clock.advance(0);
    expect(stage.queued()).toEqual([]);
    await stage.cache.remove('demo/ka');
    await stage.publish('zk', 'b');
    expect(stage.queued()).toEqual([]);
  });
});

describe('releases with thousands of dependencies', () => {
  const COUNT = 12;
  const names = Array.from({ length: COUNT }, (_, i) => `r${i}`);
  const dependencies = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, names[i % COUNT] ?? '']));

  async function writeAll(changes: Partial<ReleaseRecord> = {}): Promise<void> {
    for (const name of names) {
      await stage.write(name, [], changes);
      const record = (await stage.cache.get(`demo/${name}`)) as ReleaseRecord;
      await stage.cache.put({ ...record, facts: { ...(record.facts as ReleaseFacts), dependencies } });
    }
  }

  test('are looked at as often as their namespace has time for', async () => {
    await writeAll();
    await stage.clock.advance(60_000);
    stage.looked = [];
    for (let i = 0; i < 30; i += 1) {
      await stage.cache.put((await stage.cache.get('demo/r0')) as ReleaseRecord);
      await stage.clock.advance(1_000);
    }
    const looks = stage.looked.length / COUNT;
    expect(looks).toBeGreaterThan(10);
    expect(looks).toBeLessThan(60);
  });

  test('are followed once, however many ways lead to a provider', async () => {
    await writeAll();
    await stage.publish('zk', 'a');
    await stage.write('top', ['zk', ...names]);
    await stage.clock.advance(60_000);
    stage.looked = [];
    await stage.publish('zk', 'b');
    expect(stage.queued()).toEqual(['top: zk outputs changed: it']);
    expect(stage.looked.filter((key) => key === 'demo/r3').length).toBeLessThanOrEqual(2);
  });

  test('do not delay others of their namespace', async () => {
    await stage.publish('zk', 'a');
    await stage.write('ka', ['zk']);
    await writeAll();
    await stage.publish('zk', 'b');
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });
});
