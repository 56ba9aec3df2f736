import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Jobs } from './jobs.ts';
import type { Revisions } from './revisions.ts';
import type { ProjectServices } from '../../api/handlers/projects/project-handlers.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { createApplyProject } from '../../services/projects/apply-project.ts';
import { createDeleteProject } from '../../services/projects/delete-project.ts';
import type { JudgeConnections } from '../../services/projects/judge-connections.ts';
import type { JudgeMembers } from '../../services/projects/judge-members.ts';
import { createOperateProject } from '../../services/projects/operate-project.ts';
import { createPlanProject } from '../../services/projects/plan-project.ts';
import { createShowValues } from '../../services/projects/show-values.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import { createFindRepeated } from '../../services/tasks/find-repeated.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

export interface ProjectApplicationDeps {
  readonly authorization: Authorization;
  readonly awaitOutcome: AwaitOutcome;
  readonly charts: Pick<Charts, 'keepArchive'>;
  readonly cluster: Pick<Cluster, 'digestKey' | 'namespaces' | 'tasks'>;
  readonly dependencies: Pick<Dependencies, 'refuseDependents'>;
  readonly jobs: Pick<Jobs, 'hideLayers'>;
  readonly judgeConnections: JudgeConnections;
  readonly judgeMembers: JudgeMembers;
  readonly revisions: Pick<Revisions, 'current' | 'mergeUpgrade'>;
  readonly submitTask: SubmitTask;
}

/** The use cases of projects as a whole: what they are to be, and what they are. */
export function createProjectApplication(
  deps: ProjectApplicationDeps,
): Pick<ProjectServices, 'applyProject' | 'deleteProject' | 'operateProject' | 'planProject'> {
  const { authorization, awaitOutcome, submitTask, jobs, judgeConnections, judgeMembers } = deps;
  const { current, mergeUpgrade } = deps.revisions;
  const { digestKey, namespaces, tasks } = deps.cluster;
  const { refuseDependents } = deps.dependencies;
  const planProject = createPlanProject({
    authorization,
    current,
    digestKey,
    judgeConnections,
    judgeMembers,
    mergeUpgrade,
    namespaces,
    refuseDependents,
    showValues: createShowValues({ hideLayers: jobs.hideLayers }),
    store: tasks,
  });
  return {
    planProject,
    applyProject: createApplyProject({
      planProject,
      findRepeated: createFindRepeated({ store: tasks }),
      keepArchive: deps.charts.keepArchive,
      submitTask,
      awaitOutcome,
    }),
    deleteProject: createDeleteProject({ current, store: tasks, refuseDependents, submitTask, awaitOutcome }),
    operateProject: createOperateProject({ current, store: tasks, submitTask, awaitOutcome }),
  };
}
