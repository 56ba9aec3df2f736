import type { Charts } from './charts.ts';
import type { Jobs } from './jobs.ts';
import type { Config } from '../../config/config-options.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { InjectDependencies } from '../../services/dependencies/inject-dependencies.ts';
import { createRevisionReader, type RevisionReader } from '../../services/history/read-revision.ts';
import { type BuildRelease, createBuildRelease } from '../../services/releases/compose/build-release.ts';
import { createMergeUpgrade, type MergeUpgrade } from '../../services/releases/compose/merge-upgrade.ts';
import { createPlanRollback, type PlanRollback } from '../../services/releases/compose/plan-rollback.ts';
import { createTransformDocuments } from '../../services/releases/compose/transform-documents.ts';
import type { CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import { createFindManaged, type FindManaged } from '../../services/releases/observe/find-managed.ts';
import { createObserveRelease, type ObserveRelease } from '../../services/releases/observe/observe-release.ts';

/** Reads revisions of releases, and builds the next one. */
export interface Revisions {
  readonly buildRelease: BuildRelease;
  readonly current: CurrentReleases;
  readonly findManaged: FindManaged;
  readonly mergeUpgrade: MergeUpgrade;
  readonly observeRelease: ObserveRelease;
  readonly planRollback: PlanRollback;
  readonly reader: RevisionReader;
}

export interface RevisionsDeps {
  readonly config: Pick<Config, 'pauseDaemonSets' | 'plugins'>;
  readonly charts: Pick<Charts, 'chartFacts' | 'findChart' | 'restoreArchive'>;
  readonly current: CurrentReleases;
  readonly engine: HelmEngine;
  readonly injectDependencies: InjectDependencies;
  readonly jobs: Pick<Jobs, 'findSecrets' | 'hideLayers' | 'hideRecorded' | 'hideShipped' | 'runPlugins'>;
  readonly live: LiveObjects;
  readonly isOriginal: boolean;
  readonly clock: Clock;
  readonly tasks: Pick<TaskStore, 'tasksOf'>;
}

export function createRevisions(deps: RevisionsDeps): Revisions {
  const { config, charts, engine, injectDependencies, jobs, live, isOriginal, clock } = deps;
  const { pauseDaemonSets } = config;
  const buildRelease = createBuildRelease({
    injectDependencies,
    transformDocuments: createTransformDocuments({
      engine,
      live,
      pauseDaemonSets,
      metadataDomains: config.plugins.metadataDomains,
      clock,
      runPlugins: jobs.runPlugins,
    }),
    hideLayers: jobs.hideLayers,
    hideShipped: jobs.hideShipped,
    sourceAsAsked: isOriginal,
  });
  const findManaged = createFindManaged({ engine });
  return {
    buildRelease,
    current: deps.current,
    findManaged,
    planRollback: createPlanRollback({
      injectDependencies,
      buildRelease,
      findChart: charts.findChart,
      chartFacts: charts.chartFacts,
      findManaged,
      hideRecorded: jobs.hideRecorded,
      live,
      pauseDaemonSets,
    }),
    mergeUpgrade: createMergeUpgrade({
      findChart: charts.findChart,
      restoreArchive: charts.restoreArchive,
      chartFacts: charts.chartFacts,
      ignoreUnknownPlugins: isOriginal,
    }),
    observeRelease: createObserveRelease({ engine }),
    reader: createRevisionReader({ engine, findSecrets: jobs.findSecrets, tasks: deps.tasks, clock }),
  };
}
