import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelmRecords, type MemoryHelmRecords } from '../../adapters/memory/helm-records.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { unsealed } from '../../domain/seals/seal-state.ts';
import type { HelmRelease, HelmStatus } from '../../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createLiveView, type LiveView } from './live-view.ts';

const KEY = 'demo/web';
const FACTS = releaseConfig({ configValues: {}, releaseLabels: { team: 'a' } });

let clock: ManualClock;
let records: MemoryHelmRecords;
let live: MemoryLiveObjects;
let cache: ReleaseCache;
let view: LiveView;
let stop: AbortController;
let helm: Map<number, HelmRelease>;
/** Revisions that were read from the engine. */
let asked: string[];
let failures: (Error | undefined)[];
let beforeAnswer: () => Promise<void> | void;
let problems: string[];
let isBusy: boolean;

beforeEach(() => {
  clock = createManualClock();
  records = createMemoryHelmRecords();
  live = createMemoryLiveObjects();
  cache = createMemoryReleaseCache();
  stop = new AbortController();
  helm = new Map();
  asked = [];
  failures = [];
  problems = [];
  isBusy = false;
  beforeAnswer = () => {};
  async function recorded(revision: number | undefined): Promise<HelmRelease | null> {
    asked.push(String(revision));
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    const answer = helm.get(revision ?? 0) ?? null;
    await beforeAnswer();
    return answer;
  }
  view = createLiveView({
    records,
    live,
    cache,
    clock,
    memoryUnit: 'Gi',
    random: () => 1,
    isBusy: () => isBusy,
    onError: (key, error) => problems.push(`${key}: ${error instanceof Error ? error.message : 'odd'}`),
    engine: {
      getReleases: (wanted) => Promise.all(wanted.map(({ revision }) => recorded(revision))),
    },
  });
});

afterEach(() => stop.abort());

/** Helm writes a revision: with Walm's facts, or (null) like the plain helm command. */
function write(revision: number, status: HelmStatus, given: Partial<HelmRelease> = {}, uid?: string): HelmRelease {
  const release = recordedRevision({ revision, status, releaseConfig: FACTS, ...given });
  helm.set(revision, release);
  records.write(KEY, revision, status, uid);
  return release;
}

async function settle(): Promise<void> {
  await clock.advance(0);
  await view.drain();
}

async function start(): Promise<void> {
  void view.run(stop.signal);
  await view.synced;
}

async function cached(): Promise<string | undefined> {
  const record = await cache.get(KEY);
  return record === undefined ? undefined : `${record.revision} ${record.status}`;
}

describe('the live view', () => {
  it('has read every release there is once it is synced, each only once', async () => {
    write(1, 'superseded');
    write(2, 'deployed');
    await start();
    expect(await cached()).toBe('2 deployed');
    expect(asked).toEqual(['2']);
  });

  it('follows what others do with helm', async () => {
    await start();
    write(1, 'pending-install');
    await settle();
    expect(await cached()).toBe('1 pending-install');
    write(1, 'deployed');
    await settle();
    expect(await cached()).toBe('1 deployed');
    records.remove(KEY, 1);
    await settle();
    expect(await cached()).toBeUndefined();
  });

  it('shows what was applied, and what failed since beside it', async () => {
    const refused = { releaseConfig: releaseConfig({ releaseLabels: { team: 'b' } }), description: 'it was refused' };
    write(1, 'superseded');
    write(2, 'deployed');
    write(3, 'failed', refused);
    await start();
    expect(await cached()).toBe('2 deployed');
    expect(await cache.get(KEY)).toMatchObject({
      facts: { labels: { team: 'a' } },
      attempt: { revision: 3, status: 'failed', message: 'it was refused' },
    });
    write(4, 'pending-upgrade', refused);
    await settle();
    expect(await cache.get(KEY)).toMatchObject({ revision: 2, attempt: { revision: 4, status: 'pending-upgrade' } });
    write(4, 'deployed', refused);
    await settle();
    expect(await cache.get(KEY)).toMatchObject({ revision: 4, attempt: null, facts: { labels: { team: 'b' } } });
  });

  it('shows a failure that was observed above what it knew, before the watch tells', async () => {
    await start();
    await view.observe(KEY, recordedRevision({ revision: 1, releaseConfig: FACTS }));
    await view.observe(KEY, recordedRevision({ revision: 2, status: 'failed', description: 'no' }));
    expect(await cache.get(KEY)).toMatchObject({ revision: 1, status: 'deployed', attempt: { revision: 2 } });
    write(1, 'deployed');
    write(2, 'failed', { description: 'no' });
    await settle();
    expect(await cache.get(KEY)).toMatchObject({ revision: 1, status: 'deployed', attempt: { message: 'no' } });
  });

  it('shows what was applied where the attempt above it cannot be read', async () => {
    write(1, 'deployed');
    await start();
    failures = [undefined, problem('RELEASE_UNREADABLE', 'not to be read')];
    write(2, 'failed');
    await settle();
    expect(await cache.get(KEY)).toMatchObject({ revision: 1, attempt: { revision: 2, message: 'not to be read' } });
  });

  it('does not take a release that was uninstalled with its history for one', async () => {
    await start();
    write(1, 'deployed');
    await settle();
    write(1, 'uninstalled');
    await settle();
    expect(await cached()).toBeUndefined();
  });

  it('reads a record anew that took the place of one of the same revision and status', async () => {
    await start();
    write(1, 'deployed', { notes: 'first' }, 'uid-1');
    await settle();
    write(1, 'deployed', { notes: 'second' }, 'uid-2');
    await settle();
    expect((await cache.get(KEY))?.notes).toBe('second');
  });

  it('forgets what the cache knows and the cluster does not', async () => {
    await view.observe(KEY, recordedRevision());
    await clock.advance(20_000);
    await start();
    expect(await cached()).toBeUndefined();
  });

  it('goes on trying while the engine fails, and tells of it', async () => {
    failures = [new Error('engine stopped'), new Error('engine stopped')];
    write(1, 'deployed');
    await start();
    await clock.advance(10_000);
    await settle();
    expect(await cached()).toBe('1 deployed');
    expect(problems).toEqual([`${KEY}: engine stopped`, `${KEY}: engine stopped`]);
  });

  it('waits for a record that the engine does not find yet', async () => {
    await start();
    records.write(KEY, 1, 'deployed');
    await settle();
    expect(await cached()).toBeUndefined();
    helm.set(1, recordedRevision());
    await clock.advance(1_000);
    await settle();
    expect(await cached()).toBe('1 deployed');
  });

  it('wants the kinds of the objects of every release, as long as there is one', async () => {
    await start();
    write(1, 'deployed');
    await settle();
    expect(live.wantedKinds()).toEqual(['Deployment.apps']);
    records.remove(KEY, 1);
    await settle();
    expect(live.wantedKinds()).toEqual([]);
  });
});

describe('a release that a task of this Walm is changing', () => {
  it('is not read half-way: the task tells of its outcome', async () => {
    await start();
    isBusy = true;
    write(1, 'pending-install');
    await settle();
    expect(asked).toEqual([]);
    isBusy = false;
    await clock.advance(1_000);
    await settle();
    expect(await cached()).toBe('1 pending-install');
  });

  it('is given a moment to be told of once it is settled, and read when nobody tells', async () => {
    await start();
    isBusy = true;
    write(1, 'deployed');
    await settle();
    expect(asked).toEqual([]);
    await clock.advance(1_000);
    await settle();
    expect(await cached()).toBe('1 deployed');
  });
});

describe('what this process did', () => {
  it('is known at once, and not asked for again when the watch confirms it', async () => {
    await start();
    await view.observe(KEY, recordedRevision({ releaseConfig: FACTS }));
    expect(await cached()).toBe('1 deployed');
    write(1, 'pending-install');
    await settle();
    expect(await cached()).toBe('1 deployed');
    write(1, 'deployed');
    await settle();
    expect(await cached()).toBe('1 deployed');
    expect(asked).toEqual([]);
  });

  it('is not taken back by a read that began before', async () => {
    await start();
    beforeAnswer = async () => {
      beforeAnswer = () => {};
      await view.observe(KEY, recordedRevision({ revision: 2, releaseConfig: FACTS }));
      write(2, 'deployed');
    };
    write(1, 'deployed');
    await settle();
    expect(await cached()).toBe('2 deployed');
  });

  it('is a removal that late news of the old record do not undo', async () => {
    await start();
    write(1, 'deployed');
    await settle();
    await view.observe(KEY, null);
    expect(await cached()).toBeUndefined();
    records.write(KEY, 1, 'uninstalling');
    await settle();
    expect(await cached()).toBeUndefined();
    records.remove(KEY, 1);
    write(1, 'deployed', { notes: 'made again by helm' }, 'uid-2');
    await settle();
    expect((await cache.get(KEY))?.notes).toBe('made again by helm');
  });

  it('is doubted when the watch still says otherwise after a while', async () => {
    await start();
    write(1, 'deployed');
    await settle();
    await view.observe(KEY, null);
    await settle();
    await clock.advance(15_000);
    await settle();
    expect(await cached()).toBe('1 deployed');
  });
});

describe('a change by plain helm', () => {
  const OUTSIDE = { releaseConfig: null };

  it("keeps Walm's facts of the newest revision that has them, and says since when", async () => {
    await start();
    write(1, 'superseded', { updated: '2026-01-01T00:00:00Z' });
    write(2, 'superseded', { ...OUTSIDE, updated: '2026-01-02T00:00:00Z' });
    write(3, 'deployed', { ...OUTSIDE, updated: '2026-01-03T00:00:00Z' });
    await settle();
    expect(await cache.get(KEY)).toMatchObject({
      revision: 3,
      facts: { releaseLabels: { team: 'a' } },
      outside: { revision: 1, since: '2026-01-02T00:00:00Z' },
    });
  });

  it('of a release that was never Walm’s is foreign since its oldest kept revision', async () => {
    await start();
    write(4, 'superseded', { ...OUTSIDE, updated: '2026-01-04T00:00:00Z' });
    write(5, 'deployed', { ...OUTSIDE, updated: '2026-01-05T00:00:00Z' });
    await settle();
    expect(await cache.get(KEY)).toMatchObject({
      facts: null,
      outside: { revision: 0, since: '2026-01-04T00:00:00Z' },
    });
  });

  it('costs no look at the history when there is none', async () => {
    await start();
    write(1, 'deployed', OUTSIDE);
    await settle();
    expect(asked).toEqual(['1']);
    expect((await cache.get(KEY))?.outside?.revision).toBe(0);
  });

  it('after another does not look through the history again', async () => {
    await start();
    write(1, 'superseded');
    write(2, 'deployed', OUTSIDE);
    await settle();
    asked = [];
    write(2, 'superseded', OUTSIDE);
    write(3, 'deployed', OUTSIDE);
    await settle();
    expect(asked).not.toContain('1');
    expect((await cache.get(KEY))?.outside?.revision).toBe(1);
  });

  it('names the newest revision that is sealed, whatever the unsealed ones carry', async () => {
    const seal = unsealed('it differs from what was sealed: revision');
    await start();
    write(1, 'superseded');
    write(2, 'superseded');
    write(3, 'superseded', { seal, updated: '2026-01-03T00:00:00Z' });
    write(4, 'superseded', { ...OUTSIDE, updated: '2026-01-04T00:00:00Z' });
    write(5, 'deployed', { seal, updated: '2026-01-05T00:00:00Z' });
    await settle();
    expect((await cache.get(KEY))?.outside).toEqual({ revision: 2, since: '2026-01-03T00:00:00Z' });
    asked = [];
    write(5, 'superseded', { seal, updated: '2026-01-05T00:00:00Z' });
    write(6, 'deployed', { ...OUTSIDE, updated: '2026-01-06T00:00:00Z' });
    await settle();
    expect(asked).not.toContain('3');
    expect(await cache.get(KEY)).toMatchObject({
      facts: { releaseLabels: { team: 'a' } },
      outside: { revision: 2, since: '2026-01-03T00:00:00Z' },
    });
  });

  it('names none that is not kept any more', async () => {
    await start();
    write(1, 'superseded');
    write(2, 'deployed', OUTSIDE);
    await settle();
    records.remove(KEY, 1);
    helm.delete(1);
    write(2, 'superseded', OUTSIDE);
    write(3, 'deployed', OUTSIDE);
    await settle();
    expect((await cache.get(KEY))?.outside?.revision).toBe(0);
  });

  it('names none where none is sealed, and none from before an uninstallation', async () => {
    const seal = unsealed('it carries no seal');
    await start();
    write(1, 'uninstalled');
    write(2, 'superseded', { seal, updated: '2026-01-02T00:00:00Z' });
    write(3, 'deployed', { seal, updated: '2026-01-03T00:00:00Z' });
    await settle();
    expect((await cache.get(KEY))?.outside).toEqual({ revision: 0, since: '2026-01-02T00:00:00Z' });
  });

  it('is over with the next change through Walm', async () => {
    await start();
    write(1, 'superseded');
    write(2, 'superseded', OUTSIDE);
    await settle();
    write(3, 'deployed');
    await settle();
    expect((await cache.get(KEY))?.outside).toBeNull();
  });

  describe('of a record that cannot be read', () => {
    const unreadable = () => problem('RELEASE_UNREADABLE', 'the long sentence', { reason: 'it has no info' });

    it('is shown with its reason when the engine has ended of it and has been started again', async () => {
      const ended = () => problem('ENGINE_STOPPED', 'the engine stopped while it was working');
      failures.push(ended(), ended(), ended(), unreadable());
      await start();
      write(1, 'deployed');
      await settle();
      expect(await cached()).toBeUndefined();
      for (let time = 0; time < 3; time += 1) {
        await clock.advance(60_000);
        await settle();
      }
      expect(await cache.get(KEY)).toMatchObject({ status: 'unreadable' });
      asked = [];
      await clock.advance(3_600_000);
      await settle();
      expect(asked).toEqual([]);
    });

    it('shows the reason where the release would stand, and does not read it again until it changes', async () => {
      failures.push(unreadable());
      write(1, 'deployed');
      await start();
      expect(await cached()).toBe('1 unreadable');
      expect((await cache.get(KEY))?.description).toBe('it has no info');
      records.write(KEY, 1, 'deployed');
      await clock.advance(60_000);
      await settle();
      expect(asked).toEqual(['1']);
      expect(problems).toEqual([]);
      records.write(KEY, 1, 'deployed', 'first', 'edited');
      await settle();
      expect(await cached()).toBe('1 deployed');
    });

    it('shows what it had hidden at once when it goes', async () => {
      write(1, 'deployed');
      await start();
      failures.push(unreadable());
      write(2, 'deployed');
      await settle();
      expect(await cached()).toBe('2 unreadable');
      records.remove(KEY, 2);
      await settle();
      expect(await cached()).toBe('1 deployed');
    });

    it('reads a record again that was edited in its place', async () => {
      write(1, 'deployed');
      await start();
      records.write(KEY, 1, 'deployed', 'first', 'edited');
      await settle();
      expect(asked).toEqual(['1', '1']);
    });

    it('leaves an earlier one out when it looks for the facts of Walm', async () => {
      write(1, 'superseded');
      write(2, 'superseded');
      const outside = recordedRevision({ revision: 3, status: 'deployed', releaseConfig: null });
      helm.set(3, outside);
      records.write(KEY, 3, 'deployed');
      helm.set(2, unreadable() as never);
      await start();
      expect((await cache.get(KEY))?.facts?.labels).toEqual({ team: 'a' });
    });
  });

  it('watches only kinds of objects in the namespace of the release, and not as many as somebody likes', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ kind: `Kind${index}`, namespace: 'demo' }));
    const objects = [{ kind: 'Elsewhere', namespace: 'other' }, { kind: 'Wide', namespace: '' }, ...many];
    write(1, 'deployed', {
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
    await start();
    expect(live.wantedKinds()).toHaveLength(64);
    expect(live.wantedKinds().filter((kind) => !kind.startsWith('Kind'))).toEqual([]);
  });
});
