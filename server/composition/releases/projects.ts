import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { PreviewSteps } from './previews.ts';
import type { Revisions } from './revisions.ts';
import type { ProjectServices } from '../../api/handlers/project-handlers.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createCreateProject } from '../../services/projects/create-project.ts';
import { createDeleteProject } from '../../services/projects/delete-project.ts';
import { createJudgeMembers } from '../../services/projects/judge-members.ts';
import { createPreviewProject } from '../../services/projects/preview-project.ts';
import { createRenderProject } from '../../services/projects/render-project.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

export interface ProjectsDeps {
  readonly authorization: Authorization;
  readonly awaitOutcome: AwaitOutcome;
  readonly cache: ReleaseCache;
  readonly charts: Charts;
  readonly cluster: Pick<Cluster, 'digestKey' | 'namespaces' | 'tasks'>;
  readonly dependencies: Dependencies;
  readonly previewSteps: PreviewSteps;
  readonly revisions: Revisions;
  readonly submitTask: SubmitTask;
  readonly memoryUnit: MemoryUnit;
  readonly isOriginal: boolean;
  readonly clock: Clock;
}

/** The use cases of projects that change something, or show what a change would do. */
export type ProjectChanges = Omit<ProjectServices, 'getProject' | 'listProjects' | 'latestEvent'>;

export function createProjects(deps: ProjectsDeps): ProjectChanges {
  const { awaitOutcome, cache, charts, cluster, dependencies, revisions, submitTask, isOriginal, clock } = deps;
  const { digestKey, namespaces, tasks } = cluster;
  const { estimateRenderings, outputsAfter, previewDependents, renderDryRun } = deps.previewSteps;
  const judgeMembers = createJudgeMembers({
    resolveChart: charts.resolveChart,
    chartFacts: charts.chartFacts,
    observeRelease: revisions.observeRelease,
    commonValuesWin: isOriginal,
    memoryUnit: deps.memoryUnit,
    ignoreUnknownPlugins: isOriginal,
  });
  const renderProject = createRenderProject({
    authorization: deps.authorization,
    cache,
    digestKey,
    judgeMembers,
    namespaces,
    outputsAfter,
    renderDryRun,
  });
  return {
    ...createPreviewProject({ renderProject, previewDependents, estimateRenderings, clock }),
    createProject: createCreateProject({
      cache,
      store: tasks,
      namespaces,
      judgeMembers,
      injectDependencies: dependencies.injectDependencies,
      keepArchive: charts.keepArchive,
      submitTask,
      awaitOutcome,
    }),
    deleteProject: createDeleteProject({
      cache,
      store: tasks,
      refuseDependents: dependencies.refuseDependents,
      submitTask,
      awaitOutcome,
    }),
  };
}
