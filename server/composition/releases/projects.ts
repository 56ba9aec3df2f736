import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Revisions } from './revisions.ts';
import type { ProjectServices } from '../../api/handlers/project-handlers.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createCreateProject } from '../../services/projects/create-project.ts';
import { createDeleteProject } from '../../services/projects/delete-project.ts';
import { createReadProjects } from '../../services/projects/read-projects.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

export interface ProjectsDeps {
  readonly awaitOutcome: AwaitOutcome;
  readonly cache: ReleaseCache;
  readonly charts: Charts;
  readonly cluster: Pick<Cluster, 'live' | 'namespaces' | 'tasks'>;
  readonly dependencies: Dependencies;
  readonly revisions: Revisions;
  readonly submitTask: SubmitTask;
  readonly memoryUnit: MemoryUnit;
  readonly isOriginal: boolean;
  readonly clock: Clock;
}

/** The use cases of projects. */
export function createProjects(deps: ProjectsDeps): ProjectServices {
  const { awaitOutcome, cache, charts, cluster, dependencies, revisions, submitTask, isOriginal, clock } = deps;
  const { live, namespaces, tasks } = cluster;
  const { getProject, listProjects } = createReadProjects({ cache, live, tasks, clock });
  return {
    createProject: createCreateProject({
      cache,
      store: tasks,
      namespaces,
      resolveChart: charts.resolveChart,
      chartFacts: charts.chartFacts,
      observeRelease: revisions.observeRelease,
      injectDependencies: dependencies.injectDependencies,
      keepArchive: charts.keepArchive,
      submitTask,
      awaitOutcome,
      commonValuesWin: isOriginal,
      memoryUnit: deps.memoryUnit,
      ignoreUnknownPlugins: isOriginal,
    }),
    deleteProject: createDeleteProject({
      cache,
      store: tasks,
      refuseDependents: dependencies.refuseDependents,
      submitTask,
      awaitOutcome,
    }),
    getProject,
    listProjects,
  };
}
