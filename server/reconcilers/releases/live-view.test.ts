import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLiveViewStage, FACTS, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../domain/errors/problem-error.ts';

let stage: LiveViewStage;
beforeEach(() => (stage = createLiveViewStage()));
afterEach(() => stage.stop());

describe('the live view', () => {
  it('has read every release there is once it is synced, each only once', async () => {
    stage.write(1, 'superseded');
    stage.write(2, 'deployed');
    await stage.start();
    expect(await stage.cached()).toBe('2 deployed');
    expect(stage.asked[0]).toBe('2');
    await stage.settle();
    // What was secret before is read behind it.
    expect(stage.asked).toEqual(['2', '1']);
  });

  it('follows what others do with helm', async () => {
    await stage.start();
    stage.write(1, 'pending-install');
    await stage.settle();
    expect(await stage.cached()).toBe('1 pending-install');
    stage.write(1, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
    stage.records.remove(KEY, 1);
    await stage.settle();
    expect(await stage.cached()).toBeUndefined();
  });

  it('shows what was applied, and what failed since beside it', async () => {
    const refused = { releaseConfig: releaseConfig({ releaseLabels: { team: 'b' } }), description: 'it was refused' };
    stage.write(1, 'superseded');
    stage.write(2, 'deployed');
    stage.write(3, 'failed', refused);
    await stage.start();
    expect(await stage.cached()).toBe('2 deployed');
    expect(await stage.cache.get(KEY)).toMatchObject({
      facts: { labels: { team: 'a' } },
      attempt: { revision: 3, status: 'failed', message: 'it was refused' },
    });
    stage.write(4, 'pending-upgrade', refused);
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({
      revision: 2,
      attempt: { revision: 4, status: 'pending-upgrade' },
    });
    stage.write(4, 'deployed', refused);
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({ revision: 4, attempt: null, facts: { labels: { team: 'b' } } });
  });

  it('shows an observed failure above the known revision, before the watch event', async () => {
    await stage.start();
    await stage.view.observe(KEY, recordedRevision({ revision: 1, releaseConfig: FACTS }));
    await stage.view.observe(KEY, recordedRevision({ revision: 2, status: 'failed', description: 'no' }));
    expect(await stage.cache.get(KEY)).toMatchObject({ revision: 1, status: 'deployed', attempt: { revision: 2 } });
    stage.write(1, 'deployed');
    stage.write(2, 'failed', { description: 'no' });
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({ revision: 1, status: 'deployed', attempt: { message: 'no' } });
  });

  it('shows what was applied where the attempt above it cannot be read', async () => {
    stage.write(1, 'deployed');
    await stage.start();
    stage.failures = [undefined, problem('RELEASE_UNREADABLE', 'not to be read')];
    stage.write(2, 'failed');
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({
      revision: 1,
      attempt: { revision: 2, message: 'not to be read' },
    });
  });

  it('does not take a release that was uninstalled with its history for one', async () => {
    await stage.start();
    stage.write(1, 'deployed');
    await stage.settle();
    stage.write(1, 'uninstalled');
    await stage.settle();
    expect(await stage.cached()).toBeUndefined();
  });

  it('reads a record again that replaced one of the same revision and status', async () => {
    await stage.start();
    stage.write(1, 'deployed', { notes: 'first' }, 'uid-1');
    await stage.settle();
    stage.write(1, 'deployed', { notes: 'second' }, 'uid-2');
    await stage.settle();
    expect((await stage.cache.get(KEY))?.notes).toBe('second');
  });

  it('forgets what the cache knows and the cluster does not', async () => {
    await stage.view.observe(KEY, recordedRevision());
    await stage.clock.advance(20_000);
    await stage.start();
    expect(await stage.cached()).toBeUndefined();
  });

  it('keeps trying while the engine fails, and reports it', async () => {
    stage.failures = [new Error('engine stopped'), new Error('engine stopped')];
    stage.write(1, 'deployed');
    await stage.start();
    await stage.clock.advance(10_000);
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
    expect(stage.problems).toEqual([`${KEY}: engine stopped`, `${KEY}: engine stopped`]);
  });

  it('waits for a record that the engine does not find yet', async () => {
    await stage.start();
    stage.records.write(KEY, 1, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBeUndefined();
    stage.helm.set(1, recordedRevision());
    await stage.clock.advance(1_000);
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
  });

  it('wants the kinds of the objects of every release, as long as there is one', async () => {
    await stage.start();
    stage.write(1, 'deployed');
    await stage.settle();
    expect(stage.live.wantedKinds()).toEqual(['Deployment.apps']);
    stage.records.remove(KEY, 1);
    await stage.settle();
    expect(stage.live.wantedKinds()).toEqual([]);
  });

  it('watches only kinds of objects in the namespace of the release, and not as many as somebody likes', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ kind: `Kind${index}`, namespace: 'demo' }));
    const objects = [{ kind: 'Elsewhere', namespace: 'other' }, { kind: 'Wide', namespace: '' }, ...many];
    stage.write(1, 'deployed', {
      objects: objects.map(({ kind, namespace }, index) => ({
        index,
        source: '',
        apiVersion: 'example.org/v1',
        kind,
        namespace,
        name: 'a',
        object: {},
      })),
    });
    await stage.start();
    expect(stage.live.wantedKinds()).toHaveLength(64);
    expect(stage.live.wantedKinds().filter((kind) => !kind.startsWith('Kind'))).toEqual([]);
  });
});

describe('a release that a task of this Walm is changing', () => {
  it('is not read half-way: the task has the result', async () => {
    await stage.start();
    stage.isBusy = true;
    stage.write(1, 'pending-install');
    await stage.settle();
    expect(stage.asked).toEqual([]);
    stage.isBusy = false;
    await stage.clock.advance(1_000);
    await stage.settle();
    expect(await stage.cached()).toBe('1 pending-install');
  });

  it('waits a moment for the watch once it has ended, and is read if no event comes', async () => {
    await stage.start();
    stage.isBusy = true;
    stage.write(1, 'deployed');
    await stage.settle();
    expect(stage.asked).toEqual([]);
    await stage.clock.advance(1_000);
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
  });
});

describe('what this process did', () => {
  it('is known at once, and not asked for again when the watch confirms it', async () => {
    await stage.start();
    await stage.view.observe(KEY, recordedRevision({ releaseConfig: FACTS }));
    expect(await stage.cached()).toBe('1 deployed');
    stage.write(1, 'pending-install');
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
    stage.write(1, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
    expect(stage.asked).toEqual([]);
  });

  it('is not taken back by a read that began before', async () => {
    await stage.start();
    stage.beforeAnswer = async () => {
      stage.beforeAnswer = () => {};
      await stage.view.observe(KEY, recordedRevision({ revision: 2, releaseConfig: FACTS }));
      stage.write(2, 'deployed');
    };
    stage.write(1, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBe('2 deployed');
  });

  it('is a removal that late events of the old record do not undo', async () => {
    await stage.start();
    stage.write(1, 'deployed');
    await stage.settle();
    await stage.view.observe(KEY, null);
    expect(await stage.cached()).toBeUndefined();
    stage.records.write(KEY, 1, 'uninstalling');
    await stage.settle();
    expect(await stage.cached()).toBeUndefined();
    stage.records.remove(KEY, 1);
    stage.write(1, 'deployed', { notes: 'made again by helm' }, 'uid-2');
    await stage.settle();
    expect((await stage.cache.get(KEY))?.notes).toBe('made again by helm');
  });

  it('is doubted when the watch still says otherwise after a while', async () => {
    await stage.start();
    stage.write(1, 'deployed');
    await stage.settle();
    await stage.view.observe(KEY, null);
    await stage.settle();
    await stage.clock.advance(15_000);
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
  });
});
