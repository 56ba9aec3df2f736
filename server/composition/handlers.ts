import { type ChartPartsDeps, createChartParts } from './chart-parts.ts';
import { type ClusterPartsDeps, createClusterParts } from './cluster-parts.ts';
import type { Cluster } from './adapters/cluster.ts';
import { createBulkHandlers } from '../api/handlers/bulk-handlers.ts';
import { createCheckHandlers } from '../api/handlers/check-handlers.ts';
import { createDependencyHandlers } from '../api/handlers/dependency-handlers.ts';
import { createEventHandlers } from '../api/handlers/event-handlers.ts';
import { defineHandlers, type Handlers } from '../api/handlers/handler.ts';
import { createExportHandlers } from '../api/handlers/projects/export-handlers.ts';
import { createHistoryHandlers } from '../api/handlers/history-handlers.ts';
import { createLifecycleHandlers } from '../api/handlers/lifecycle-handlers.ts';
import { createPluginHandlers } from '../api/handlers/plugin-handlers.ts';
import { createPreviewHandlers } from '../api/handlers/preview-handlers.ts';
import { createProjectHandlers } from '../api/handlers/projects/project-handlers.ts';
import { createReleaseHandlers } from '../api/handlers/release-handlers.ts';
import { createRollbackHandlers } from '../api/handlers/rollback-handlers.ts';
import { createSessionHandlers, type SessionServices } from '../api/handlers/session-handlers.ts';
import { createSystemHandlers, type SystemServices } from '../api/handlers/system-handlers.ts';
import { createTaskHandlers } from '../api/handlers/task-handlers.ts';
import { createTotalsHandlers } from '../api/handlers/totals-handlers.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { ReleaseStatuses } from '../reconcilers/releases/release-statuses.ts';
import type { Authorization } from '../services/access/authorization.ts';
import { createFindSeenObjects } from '../services/access/seen-objects.ts';
import { createGetDependencies } from '../services/dependencies/get-dependencies.ts';
import type { FollowEvents } from '../services/events/follow-events.ts';
import type { ListEvents } from '../services/events/list-events.ts';
import { listPlugins } from '../services/plugins/list-plugins.ts';
import { createReadProjects } from '../services/projects/read-projects.ts';
import { createCompleteReleases } from '../services/releases/observe/complete-releases.ts';
import { createBeginRead } from '../services/releases/observe/read-point.ts';
import { createGetRelease } from '../services/releases/query/get-release.ts';
import { createListReleases } from '../services/releases/query/list-releases.ts';
import { createGetTask } from '../services/tasks/get-task.ts';
import { createListTasks } from '../services/tasks/list-tasks.ts';
import type { Releases } from './releases/releases.ts';

export interface HandlersDeps extends ChartPartsDeps, Omit<ClusterPartsDeps, 'removals'> {
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'live' | 'objects' | 'writer' | 'podLogs' | 'repositories' | 'tasks'>;
  readonly engine: HelmEngine;
  readonly followEvents: FollowEvents;
  readonly listEvents: ListEvents;
  readonly latestEvent: () => string;
  readonly isStale: () => boolean;
  readonly releases: Releases;
  readonly statuses: ReleaseStatuses;
  readonly session: SessionServices;
  readonly system: SystemServices;
  readonly clock: Clock;
}

/** The handler of each operation of the contract. */
export function createHandlers(deps: HandlersDeps): Handlers {
  const { authorization, cache, cluster, config, engine, isStale, latestEvent, releases, statuses, clock } = deps;
  const { configured, folder, memoryUnit, newerVersions, repositories, resolveChart } = deps;
  const sources = { configured, folder, memoryUnit, newerVersions, repositories, resolveChart };
  const newerVersion = newerVersions.of;
  const { accepting, history, previews, projects } = releases.requests;
  const { cancelTask, describeDependencies, notAllowed, worstDependencies } = releases;
  const { live, tasks } = cluster;
  const findSeen = createFindSeenObjects({ authorization, engine, clock });
  const beginRead = createBeginRead({ statuses });
  const completeReleases = createCompleteReleases({ worstDependencies, newerVersion });
  const reading = { cache, live, tasks, clock, isStale, findSeen, beginRead };
  const { showDrift } = history;
  const { testRelease, rollbackRelease, changeReleases } = accepting;
  return defineHandlers({
    ...createReleaseHandlers({
      latestEvent,
      installRelease: accepting.installRelease,
      upgradeRelease: accepting.upgradeRelease,
      deleteRelease: accepting.deleteRelease,
      previewDelete: previews.previewDelete,
      dryRunRelease: previews.dryRunRelease,
      compareDryRun: previews.compareDryRun,
      getRelease: createGetRelease({ ...reading, describeDependencies, newerVersion, notAllowed }),
      listReleases: createListReleases({ ...reading, statuses, completeReleases }),
    }),
    ...createLifecycleHandlers({
      pauseRelease: accepting.pauseRelease,
      previewPause: previews.previewPause,
      recoverRelease: accepting.recoverRelease,
      restartRelease: accepting.restartRelease,
      adoptRelease: accepting.adoptRelease,
      detachRelease: accepting.detachRelease,
      previewDetach: previews.previewDetach,
    }),
    ...createBulkHandlers({ changeReleases }),
    ...createChartParts({ ...sources, cache, cluster, engine, clock }),
    ...createClusterParts({ authorization, cache, cluster, config, clock, engine, removals: accepting }),
    ...createHistoryHandlers(history),
    ...createCheckHandlers({ showDrift, testRelease }),
    ...createRollbackHandlers({ rollbackRelease, previewRollback: previews.previewRollback }),
    ...createTotalsHandlers({ estimateResources: previews.estimateResources }),
    ...createPreviewHandlers({ previewRelease: previews.previewRelease }),
    ...createProjectHandlers({
      latestEvent,
      ...projects,
      ...createReadProjects({ cache, live, tasks, clock, beginRead, completeReleases }),
    }),
    ...createExportHandlers(releases.requests.exports),
    ...createDependencyHandlers({ getDependencies: createGetDependencies({ cache, describeDependencies, clock }) }),
    ...createPluginHandlers({ listPlugins }),
    ...createTaskHandlers({
      latestEvent,
      getTask: createGetTask({ store: tasks, authorization }),
      listTasks: createListTasks({ store: tasks }),
      cancelTask,
    }),
    ...createEventHandlers({ followEvents: deps.followEvents, listEvents: deps.listEvents }),
    ...createSessionHandlers(deps.session),
    ...createSystemHandlers(deps.system),
  });
}
