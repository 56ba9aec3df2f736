import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLiveViewStage, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { unsealed } from '../../domain/seals/seal-state.ts';

let stage: LiveViewStage;
beforeEach(() => (stage = createLiveViewStage()));
afterEach(() => stage.stop());

describe('a change by plain helm', () => {
  const OUTSIDE = { releaseConfig: null };

  it("keeps Walm's facts of the newest revision that has them, and says since when", async () => {
    await stage.start();
    stage.write(1, 'superseded', { updated: '2026-01-01T00:00:00Z' });
    stage.write(2, 'superseded', { ...OUTSIDE, updated: '2026-01-02T00:00:00Z' });
    stage.write(3, 'deployed', { ...OUTSIDE, updated: '2026-01-03T00:00:00Z' });
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({
      revision: 3,
      facts: { releaseLabels: { team: 'a' } },
      outside: { revision: 1, since: '2026-01-02T00:00:00Z' },
    });
  });

  it('of a release that was never Walm’s is foreign since its oldest kept revision', async () => {
    await stage.start();
    stage.write(4, 'superseded', { ...OUTSIDE, updated: '2026-01-04T00:00:00Z' });
    stage.write(5, 'deployed', { ...OUTSIDE, updated: '2026-01-05T00:00:00Z' });
    await stage.settle();
    expect(await stage.cache.get(KEY)).toMatchObject({
      facts: null,
      outside: { revision: 0, since: '2026-01-04T00:00:00Z' },
    });
  });

  it('costs no look at the history when there is none', async () => {
    await stage.start();
    stage.write(1, 'deployed', OUTSIDE);
    await stage.settle();
    expect(stage.asked).toEqual(['1']);
    expect((await stage.cache.get(KEY))?.outside?.revision).toBe(0);
  });

  it('after another does not look through the history again', async () => {
    await stage.start();
    stage.write(1, 'superseded');
    stage.write(2, 'deployed', OUTSIDE);
    await stage.settle();
    stage.asked = [];
    stage.write(2, 'superseded', OUTSIDE);
    stage.write(3, 'deployed', OUTSIDE);
    await stage.settle();
    expect(stage.asked).not.toContain('1');
    expect((await stage.cache.get(KEY))?.outside?.revision).toBe(1);
  });

  it('names the newest revision that is sealed, whatever the unsealed ones carry', async () => {
    const seal = unsealed('it differs from what was sealed: revision');
    await stage.start();
    stage.write(1, 'superseded');
    stage.write(2, 'superseded');
    stage.write(3, 'superseded', { seal, updated: '2026-01-03T00:00:00Z' });
    stage.write(4, 'superseded', { ...OUTSIDE, updated: '2026-01-04T00:00:00Z' });
    stage.write(5, 'deployed', { seal, updated: '2026-01-05T00:00:00Z' });
    await stage.settle();
    expect((await stage.cache.get(KEY))?.outside).toEqual({ revision: 2, since: '2026-01-03T00:00:00Z' });
    stage.asked = [];
    stage.write(5, 'superseded', { seal, updated: '2026-01-05T00:00:00Z' });
    stage.write(6, 'deployed', { ...OUTSIDE, updated: '2026-01-06T00:00:00Z' });
    await stage.settle();
    expect(stage.asked).not.toContain('3');
    expect(await stage.cache.get(KEY)).toMatchObject({
      facts: { releaseLabels: { team: 'a' } },
      outside: { revision: 2, since: '2026-01-03T00:00:00Z' },
    });
  });

  it('names none that is not kept any more', async () => {
    await stage.start();
    stage.write(1, 'superseded');
    stage.write(2, 'deployed', OUTSIDE);
    await stage.settle();
    stage.records.remove(KEY, 1);
    stage.helm.delete(1);
    stage.write(2, 'superseded', OUTSIDE);
    stage.write(3, 'deployed', OUTSIDE);
    await stage.settle();
    expect((await stage.cache.get(KEY))?.outside?.revision).toBe(0);
  });

  it('names none where none is sealed, and none from before an uninstallation', async () => {
    const seal = unsealed('it carries no seal');
    await stage.start();
    stage.write(1, 'uninstalled');
    stage.write(2, 'superseded', { seal, updated: '2026-01-02T00:00:00Z' });
    stage.write(3, 'deployed', { seal, updated: '2026-01-03T00:00:00Z' });
    await stage.settle();
    expect((await stage.cache.get(KEY))?.outside).toEqual({ revision: 0, since: '2026-01-02T00:00:00Z' });
  });

  it('is over with the next change through Walm', async () => {
    await stage.start();
    stage.write(1, 'superseded');
    stage.write(2, 'superseded', OUTSIDE);
    await stage.settle();
    stage.write(3, 'deployed');
    await stage.settle();
    expect((await stage.cache.get(KEY))?.outside).toBeNull();
  });
});
