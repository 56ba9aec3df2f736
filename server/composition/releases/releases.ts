import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import { createChanging } from './changing.ts';
import { createLeading } from './leading.ts';
import type { Jobs } from './jobs.ts';
import type { Knowledge } from './knowledge.ts';
import { createRequests, type Requests } from './requests.ts';
import type { Config } from '../../config/config-options.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { LiveView } from '../../reconcilers/releases/live-view.ts';
import type { ReleaseStatuses } from '../../reconcilers/releases/release-statuses.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { WorstDependencies } from '../../services/releases/observe/complete-releases.ts';
import type { GetReleaseDeps } from '../../services/releases/query/get-release.ts';
import type { CancelTask } from '../../services/tasks/cancel-task.ts';
import type { DescribeDependencies } from '../../services/dependencies/describe-dependencies.ts';

/** Everything that changes releases: accepts changes, carries them out, and reconciles releases. */
export interface Releases {
  readonly cancelTask: CancelTask;
  readonly describeDependencies: DescribeDependencies;
  readonly worstDependencies: WorstDependencies;
  readonly notAllowed: GetReleaseDeps['notAllowed'];
  readonly requests: Requests;
  /** Number of dependents waiting to be checked. */
  dependencyDepth(): number;
  /** Carries out accepted tasks and reacts to changes while this replica leads, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ReleasesDeps {
  readonly config: Config;
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cluster: Cluster;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly jobs: Jobs;
  readonly knowledge: Knowledge;
  readonly liveView: Pick<LiveView, 'observe'>;
  readonly metrics: Metrics;
  readonly statuses: Pick<ReleaseStatuses, 'subscribe'>;
  readonly random: () => number;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createReleases(deps: ReleasesDeps): Releases {
  const { config, authorization, cache, cluster, complete, engine, folder, jobs, knowledge, liveView } = deps;
  const { metrics, statuses, random, newId, clock, log } = deps;
  const { automation, charts, current, dependencies, revisions, watchRelease } = knowledge;
  const { awaitOutcome, cancelTask, runner, submitTask } = createChanging({
    config,
    authorization,
    cache,
    charts,
    cluster,
    complete,
    dependencies,
    engine,
    guard: automation.guard,
    jobs,
    liveView,
    watchRelease,
    revisions,
    newId,
    clock,
    log,
  });
  const requests = createRequests({
    config,
    authorization,
    awaitOutcome,
    cache,
    charts,
    cluster,
    dependencies,
    engine,
    folder,
    jobs,
    revisions,
    submitTask,
    clock,
  });
  const leading = createLeading({
    config,
    acceptChange: requests.accepting.acceptChange,
    automation,
    cache,
    current,
    cluster,
    complete,
    engine,
    metrics,
    readProvider: dependencies.readProvider,
    statuses,
    random,
    newId,
    clock,
    log,
  });
  return {
    cancelTask,
    describeDependencies: leading.describeDependencies,
    worstDependencies: leading.worstDependencies,
    notAllowed: automation.notAllowed,
    requests,
    dependencyDepth: leading.dependencyDepth,
    async run(signal) {
      await Promise.all([runner.run(signal), leading.run(signal)]);
    },
  };
}
