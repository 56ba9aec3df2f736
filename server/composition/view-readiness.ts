import type { ReadinessPart } from '../api/handlers/system-handlers.ts';
import type { Cluster } from './adapters/cluster.ts';
import { watchProblem } from '../domain/errors/watch-problem.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { LiveView } from '../reconcilers/releases/live-view.ts';

export interface ViewReadinessDeps {
  readonly cluster: Pick<
    Cluster,
    'live' | 'records' | 'repositories' | 'tasks' | 'leadership' | 'unprepared' | 'watches'
  >;
  readonly engine: Pick<HelmEngine, 'info'>;
  readonly liveView: Pick<LiveView, 'synced'>;
  readonly clock: Clock;
}

/** What this replica knows reliably, and since when. */
export interface ViewReadiness {
  /** Every part that the server needs to be ready. */
  readonly parts: readonly ReadinessPart[];
  /** The first reason why the server has never been ready so far; null once it has been ready. */
  readonly starting: () => string | null;
  /** Whether the releases of the cluster are known by name, so that reads can answer. */
  readonly hasSomething: () => boolean;
  /** Whether reads may be incomplete, or behind the cluster. */
  readonly stale: () => boolean;
}

export function createViewReadiness({ cluster, engine, liveView, clock }: ViewReadinessDeps): ViewReadiness {
  const synced = { live: false, records: false, tasks: false, releases: false, repositories: false };
  void cluster.live.synced.then(() => (synced.live = true));
  void cluster.records.synced.then(() => (synced.records = true));
  void cluster.tasks.synced().then(() => (synced.tasks = true));
  void cluster.repositories.synced().then(() => (synced.repositories = true));
  void liveView.synced.then(() => (synced.releases = true));
  const waits = (done: () => boolean, reason: string) => () => (done() ? null : reason);
  /** Parts that were ready once: not being ready later is a problem, not a slow start. */
  const started = new Set<string>();
  const parts: ReadinessPart[] = [
    { name: 'cluster', waitsFor: () => cluster.unprepared() ?? unheard() },
    { name: 'engine', waitsFor: waits(() => engine.info() !== null, 'the engine is starting') },
    { name: 'live objects', waitsFor: waits(() => synced.live, 'the objects of the cluster are being read') },
    { name: 'tasks', waitsFor: waits(() => synced.tasks, 'the tasks are being read') },
    {
      name: 'repositories',
      waitsFor: waits(() => synced.repositories, 'the chart repositories are being read'),
    },
    { name: 'releases', waitsFor: waits(() => synced.releases, 'the releases are being read') },
    { name: 'leader', waitsFor: waits(() => cluster.leadership.isLed(), 'no replica leads') },
  ].map(({ name, waitsFor }) => ({
    name,
    waitsFor() {
      const reason = waitsFor();
      if (reason === null) {
        started.add(name);
      }
      return reason;
    },
  }));

  /**
   * What the watches missed since their last message is unknown; before their first message other checks wait for them.
   */
  function unheard(): string | null {
    for (const watch of cluster.watches()) {
      const problem = watch.heardAt === 0 ? null : watchProblem(watch, clock.now());
      if (problem !== null) {
        return `the watch of ${watch.kind}: ${problem}`;
      }
    }
    return null;
  }

  return {
    parts,
    starting() {
      const left = parts.filter(({ name }) => !started.has(name));
      return left.map(({ waitsFor }) => waitsFor()).find((reason) => reason !== null) ?? null;
    },
    hasSomething: () => synced.records,
    stale: () => !synced.live || !synced.records || !synced.tasks || !synced.releases || unheard() !== null,
  };
}
