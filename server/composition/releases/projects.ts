import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Jobs } from './jobs.ts';
import type { Dependencies } from './dependencies.ts';
import type { PreviewSteps } from './previews.ts';
import { createProjectApplication } from './project-application.ts';
import { createProjectMembers } from './project-members.ts';
import type { Revisions } from './revisions.ts';
import type { ProjectServices } from '../../api/handlers/projects/project-handlers.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createCreateProject } from '../../services/projects/create-project.ts';
import { createJudgeConnections } from '../../services/projects/judge-connections.ts';
import { createJudgeMembers } from '../../services/projects/judge-members.ts';
import { createPreviewProject } from '../../services/projects/preview-project.ts';
import { createReadMember } from '../../services/projects/read-member.ts';
import { createRenderProject } from '../../services/projects/render-project.ts';
import type { UpgradeMemberDeps } from '../../services/projects/upgrade-member.ts';
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
  readonly engine: HelmEngine;
  readonly jobs: Pick<Jobs, 'findSecrets' | 'hideLayers'>;
  readonly previewSteps: PreviewSteps;
  readonly revisions: Revisions;
  readonly submitTask: SubmitTask;
  readonly upgradeRelease: UpgradeMemberDeps['upgradeRelease'];
  readonly memoryUnit: MemoryUnit;
  readonly isOriginal: boolean;
  readonly clock: Clock;
}

/** The use cases of projects that change something, or show what a change would do. */
export type ProjectChanges = Omit<ProjectServices, 'getProject' | 'listProjects' | 'latestEvent'>;

export function createProjects(deps: ProjectsDeps): ProjectChanges {
  const { authorization, awaitOutcome, cache, charts, cluster, dependencies, jobs, revisions } = deps;
  const { submitTask, isOriginal, clock } = deps;
  const { digestKey, namespaces, tasks } = cluster;
  const { estimateRenderings, outputsAfter, previewDependents, renderDryRun } = deps.previewSteps;
  const { current, findManaged, mergeUpgrade } = revisions;
  const readMember = createReadMember({ engine: deps.engine, findManaged, mergeUpgrade });
  const { injectDependencies, readProviders } = dependencies;
  const judgeConnections = createJudgeConnections({ store: tasks, injectDependencies, readProviders });
  const judgeMembers = createJudgeMembers({
    readMember,
    resolveChart: charts.resolveChart,
    chartFacts: charts.chartFacts,
    observeRelease: revisions.observeRelease,
    commonValuesWin: isOriginal,
    memoryUnit: deps.memoryUnit,
    ignoreUnknownPlugins: isOriginal,
  });
  const renderProject = createRenderProject({
    authorization,
    cache,
    digestKey,
    judgeMembers,
    namespaces,
    outputsAfter,
    renderDryRun,
  });
  const applying = createProjectApplication({
    authorization,
    awaitOutcome,
    charts,
    cluster,
    dependencies,
    jobs,
    judgeConnections,
    judgeMembers,
    revisions,
    submitTask,
  });
  const members = createProjectMembers({
    awaitOutcome,
    cache,
    charts,
    cluster,
    dependencies,
    judgeConnections,
    judgeMembers,
    readMember,
    revisions,
    submitTask,
    upgradeRelease: deps.upgradeRelease,
  });
  return {
    ...applying,
    ...members,
    ...createPreviewProject({ renderProject, previewDependents, estimateRenderings, clock }),
    createProject: createCreateProject({
      applyProject: applying.applyProject,
      cache,
      current,
      store: tasks,
      namespaces,
      judgeMembers,
      judgeConnections,
      keepArchive: charts.keepArchive,
      submitTask,
      awaitOutcome,
    }),
  };
}
