import type { Cluster } from '../adapters/cluster.ts';
import { type Accepting, createAccepting } from './accepting.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import { createExports } from './exports.ts';
import { createHistory, type History } from './history.ts';
import type { Jobs } from './jobs.ts';
import { createPreviews, type Previews } from './previews.ts';
import { createProjects, type ProjectChanges } from './projects.ts';
import type { Revisions } from './revisions.ts';
import type { ExportServices } from '../../api/handlers/projects/export-handlers.ts';
import type { Config } from '../../config/config-options.ts';
import { memoryUnitOf } from '../../config/memory-unit.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

/** The use cases for callers: changes, previews, projects, and history. */
export interface Requests {
  readonly accepting: Accepting;
  readonly exports: ExportServices;
  readonly history: History;
  readonly previews: Previews;
  readonly projects: ProjectChanges;
}

export interface RequestsDeps {
  readonly config: Pick<Config, 'compatibility' | 'kubernetes' | 'metaInfo' | 'pauseDaemonSets'>;
  readonly authorization: Authorization;
  readonly awaitOutcome: AwaitOutcome;
  readonly cache: ReleaseCache;
  readonly charts: Charts;
  readonly cluster: Cluster;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly jobs: Jobs;
  readonly revisions: Revisions;
  readonly submitTask: SubmitTask;
  readonly clock: Clock;
}

export function createRequests(deps: RequestsDeps): Requests {
  const { config, authorization, awaitOutcome, cache, charts, cluster, dependencies, engine } = deps;
  const { folder, jobs, revisions, submitTask, clock } = deps;
  const isOriginal = config.compatibility === 'original';
  const memoryUnit = memoryUnitOf(config);
  const previews = createPreviews({
    authorization,
    cache,
    charts,
    cluster,
    dependencies,
    engine,
    folder,
    jobs,
    revisions,
    memoryUnit,
    pauseDaemonSets: config.pauseDaemonSets,
    isOriginal,
    clock,
  });
  const accepting = createAccepting({
    authorization,
    awaitOutcome,
    cache,
    charts,
    clock,
    cluster,
    dependencies,
    engine,
    revisions,
    submitTask,
    memoryUnit,
    systemNamespace: config.kubernetes.systemNamespace,
    isOriginal,
  });
  return {
    accepting,
    exports: createExports({ authorization, engine, jobs, revisions }),
    history: createHistory({
      chartFacts: charts.chartFacts,
      engine,
      folder,
      maskManifests: jobs.maskManifests,
      reader: revisions.reader,
      restoreRecorded: charts.restoreRecorded,
    }),
    previews,
    projects: createProjects({
      authorization,
      awaitOutcome,
      cache,
      charts,
      cluster,
      dependencies,
      engine,
      jobs,
      previewSteps: previews.steps,
      revisions,
      submitTask,
      upgradeRelease: accepting.upgradeRelease,
      memoryUnit,
      isOriginal,
      clock,
    }),
  };
}
