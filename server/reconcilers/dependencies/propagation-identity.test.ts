import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ann, type PropagationStage, startPropagationStage } from '../../../test/harness/fakes/propagation-stage.ts';

let stage: PropagationStage;
beforeEach(() => void (stage = startPropagationStage()));
afterEach(() => stage.stop());

describe('in whose name', () => {
  beforeEach(async () => {
    await stage.publish('zk', 'a');
    await stage.write('ka', ['zk']);
  });

  test('a dependent is upgraded: who made it what it is', async () => {
    await stage.publish('zk', 'b');
    const [stored] = stage.store.unfinishedOf('demo/ka');
    expect(stored?.task).toMatchObject({ caller: ann, unattended: { since: '2026-03-01T00:00:00Z' } });
  });

  test('who may not any more keeps it as it is, until the rights are asked about again', async () => {
    stage.refusal = { may: false, reason: 'ann may not' };
    await stage.publish('zk', 'b');
    expect(stage.queued()).toEqual([]);
    expect(stage.injection.whyNotCurrent('demo/ka')).toBe('ann may not');
    expect(stage.denials.of('demo/ka')).toEqual([{ what: 'dependencies', denial: stage.refusal }]);
    stage.refusal = null;
    await stage.clock.advance(170_000);
    expect(stage.queued()).toEqual([]);
    await stage.clock.advance(20_000);
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    expect(stage.denials.count()).toBe(0);
  });

  describe('once the cluster refused an object', () => {
    const message =
      'secrets is forbidden: User "ann" cannot create resource "secrets" in API group "" in the namespace "walm-system"';

    beforeEach(async () => {
      await stage.publish('zk', 'b');
      await stage.end('ka', { state: 'failed', error: { code: 'FORBIDDEN', message, details: {} } });
    });

    test('it is not tried again and again', async () => {
      await stage.clock.advance(60 * 60_000);
      expect(stage.queued()).toEqual([]);
      expect(stage.denials.of('demo/ka')).toMatchObject([
        { denial: { missing: { verb: 'create', group: '', resource: 'secrets', namespace: 'walm-system' } } },
      ]);
    });

    test('it is when the right was given', async () => {
      stage.given = true;
      await stage.clock.advance(180_000);
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('it is when the provider changes', async () => {
      await stage.publish('zk', 'c');
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    });

    test('it is when the release changes', async () => {
      await stage.cache.get('demo/ka').then((record) => stage.cache.put({ ...record!, revision: 7 }));
      await stage.clock.advance(0);
      expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
    });
  });

  test('a record that was exchanged, or a provider that is not sealed any more, is not a failure that time heals', async () => {
    await stage.publish('zk', 'b');
    const message = 'Walm does not act by itself on revision 2 of release demo/ka';
    await stage.end('ka', { state: 'failed', error: { code: 'RELEASE_NOT_SEALED', message, details: {} } });
    await stage.clock.advance(60 * 60_000);
    expect(stage.queued()).toEqual([]);
    expect(stage.denials.of('demo/ka')).toMatchObject([{ what: 'dependencies', denial: { reason: message } }]);
    await stage.publish('zk', 'c');
    expect(stage.queued()).toEqual(['ka: zk outputs changed: it']);
  });

  test('dependents further down do not wait for one that is not allowed', async () => {
    await stage.write('app', ['zk', 'ka']);
    stage.refusal = { may: false, reason: 'ann may not' };
    await stage.publish('zk', 'b');
    stage.refusal = null;
    await stage.write('app', ['ka'], {});
    await stage.publish('ka', 'x');
    expect(stage.queued()).toContain('app: ka outputs changed: it');
  });
});
