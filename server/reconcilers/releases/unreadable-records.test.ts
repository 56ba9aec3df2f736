import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLiveViewStage, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../domain/errors/problem-error.ts';

let stage: LiveViewStage;
beforeEach(() => (stage = createLiveViewStage()));
afterEach(() => stage.stop());

describe('a record that cannot be read', () => {
  const unreadable = () => problem('RELEASE_UNREADABLE', 'the long sentence', { reason: 'it has no info' });

  it('is shown with its reason when the engine has ended of it and has been started again', async () => {
    const ended = () => problem('ENGINE_STOPPED', 'the engine stopped while it was working');
    stage.failures.push(ended(), ended(), ended(), unreadable());
    await stage.start();
    stage.write(1, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBeUndefined();
    for (let time = 0; time < 3; time += 1) {
      await stage.clock.advance(60_000);
      await stage.settle();
    }
    expect(await stage.cache.get(KEY)).toMatchObject({ status: 'unreadable' });
    stage.asked = [];
    await stage.clock.advance(3_600_000);
    await stage.settle();
    expect(stage.asked).toEqual([]);
  });

  it('shows the reason where the release would stand, and does not read it again until it changes', async () => {
    stage.failures.push(unreadable());
    stage.write(1, 'deployed');
    await stage.start();
    expect(await stage.cached()).toBe('1 unreadable');
    expect((await stage.cache.get(KEY))?.description).toBe('it has no info');
    stage.records.write(KEY, 1, 'deployed');
    await stage.clock.advance(60_000);
    await stage.settle();
    expect(stage.asked).toEqual(['1']);
    expect(stage.problems).toEqual([]);
    stage.records.write(KEY, 1, 'deployed', 'first', 'edited');
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
  });

  it('shows what it had hidden at once when it goes', async () => {
    stage.write(1, 'deployed');
    await stage.start();
    stage.failures.push(unreadable());
    stage.write(2, 'deployed');
    await stage.settle();
    expect(await stage.cached()).toBe('2 unreadable');
    stage.records.remove(KEY, 2);
    await stage.settle();
    expect(await stage.cached()).toBe('1 deployed');
  });

  it('reads a record again that was edited in its place', async () => {
    stage.write(1, 'deployed');
    await stage.start();
    stage.records.write(KEY, 1, 'deployed', 'first', 'edited');
    await stage.settle();
    expect(stage.asked).toEqual(['1', '1']);
  });

  it('leaves an earlier one out when it looks for the facts of Walm', async () => {
    stage.write(1, 'superseded');
    stage.write(2, 'superseded');
    const outside = recordedRevision({ revision: 3, status: 'deployed', releaseConfig: null });
    stage.helm.set(3, outside);
    stage.records.write(KEY, 3, 'deployed');
    stage.helm.set(2, unreadable() as never);
    await stage.start();
    expect((await stage.cache.get(KEY))?.facts?.labels).toEqual({ team: 'a' });
  });
});
