import { createMemoryHelmRecords, type MemoryHelmRecords } from '../../../server/adapters/memory/helm-records.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../../server/adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../../server/adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../server/adapters/memory/release-cache.ts';
import type { ProblemError } from '../../../server/domain/errors/problem-error.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../../server/ports/storage/release-cache.ts';
import { createLiveView, type LiveView } from '../../../server/reconcilers/releases/live-view.ts';
import { jobsHere } from './jobs-here.ts';
import { recordedRevision, releaseConfig } from './recorded-revision.ts';
import type { HelmStatus } from '../../../server/domain/revisions/helm-status.ts';

/** The release that the stage is about. */
export const KEY = 'demo/web';
/** The facts that Walm records about the release unless a test gives others. */
export const FACTS = releaseConfig({ configValues: {}, releaseLabels: { team: 'a' } });

/** A live view of one release, with records, engine and clock that the test controls. */
export interface LiveViewStage {
  clock: ManualClock;
  records: MemoryHelmRecords;
  live: MemoryLiveObjects;
  cache: ReleaseCache;
  view: LiveView;
  /** The records that the engine reads, by revision. */
  helm: Map<number, HelmRelease>;
  /** Revisions that the engine cannot read, with what it answers of them. */
  unreadable: Map<number, ProblemError>;
  /** Revisions that were read from the engine. */
  asked: string[];
  /** The engine's first results, one after the other; undefined is not a failure. */
  failures: (Error | undefined)[];
  /** Runs when the engine has read a revision and has not returned it yet. */
  beforeAnswer: () => Promise<void> | void;
  /** Errors that the view reported. */
  problems: string[];
  /** Whether a task of this Walm is changing the release. */
  isBusy: boolean;
  /** Writes a revision as Helm does: with Walm's facts, or (null) like the plain helm command. */
  write(revision: number, status: HelmStatus, given?: Partial<HelmRelease>, uid?: string): HelmRelease;
  /** Resolves when everything written has been processed. */
  settle(): Promise<void>;
  start(): Promise<void>;
  /** Revision and status in the cache. */
  cached(): Promise<string | undefined>;
  stop(): void;
}

/** Sets up a view that has not been started. */
export function createLiveViewStage(): LiveViewStage {
  const clock = createManualClock();
  const records = createMemoryHelmRecords();
  const live = createMemoryLiveObjects();
  const cache = createMemoryReleaseCache();
  const stopping = new AbortController();

  async function recorded(revision: number | undefined): Promise<HelmRelease | ProblemError | null> {
    stage.asked.push(String(revision));
    const failure = stage.failures.shift();
    if (failure !== undefined) throw failure;
    const answer = stage.unreadable.get(revision ?? 0) ?? stage.helm.get(revision ?? 0) ?? null;
    await stage.beforeAnswer();
    return answer;
  }
  const view = createLiveView({
    records,
    live,
    cache,
    clock,
    describeRevision: jobsHere.describeRevision,
    findSecrets: jobsHere.findSecrets,
    memoryUnit: 'Gi',
    random: () => 1,
    isBusy: () => stage.isBusy,
    onError: (key, error) => stage.problems.push(`${key}: ${error instanceof Error ? error.message : 'odd'}`),
    engine: {
      getReleases: (wanted) => Promise.all(wanted.map(({ revision }) => recorded(revision))),
    },
  });

  const stage: LiveViewStage = {
    clock,
    records,
    live,
    cache,
    view,
    helm: new Map(),
    unreadable: new Map(),
    asked: [],
    failures: [],
    beforeAnswer: () => undefined,
    problems: [],
    isBusy: false,
    write(revision, status, given = {}, uid) {
      const release = recordedRevision({ revision, status, releaseConfig: FACTS, ...given });
      stage.helm.set(revision, release);
      records.write(KEY, revision, status, uid);
      return release;
    },
    async settle() {
      await clock.advance(0);
      await view.drain();
    },
    async start() {
      void view.run(stopping.signal);
      await view.synced;
    },
    async cached() {
      const record = await cache.get(KEY);
      return record === undefined ? undefined : `${record.revision} ${record.status}`;
    },
    stop: () => stopping.abort(),
  };
  return stage;
}
