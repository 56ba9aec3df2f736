import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Revisions } from './revisions.ts';
import type { ProjectServices } from '../../api/handlers/projects/project-handlers.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createAddMembers } from '../../services/projects/add-members.ts';
import type { JudgeConnections } from '../../services/projects/judge-connections.ts';
import type { JudgeMembers } from '../../services/projects/judge-members.ts';
import type { ReadMember } from '../../services/projects/read-member.ts';
import { createRemoveMember } from '../../services/projects/remove-member.ts';
import { createUpgradeMember, type UpgradeMemberDeps } from '../../services/projects/upgrade-member.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import { createFindRepeated } from '../../services/tasks/find-repeated.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

export interface ProjectMembersDeps {
  readonly awaitOutcome: AwaitOutcome;
  readonly cache: ReleaseCache;
  readonly charts: Pick<Charts, 'keepArchive'>;
  readonly cluster: Pick<Cluster, 'namespaces' | 'tasks'>;
  readonly dependencies: Pick<Dependencies, 'refuseDependents'>;
  readonly judgeConnections: JudgeConnections;
  readonly judgeMembers: JudgeMembers;
  readonly readMember: ReadMember;
  readonly revisions: Pick<Revisions, 'current'>;
  readonly submitTask: SubmitTask;
  readonly upgradeRelease: UpgradeMemberDeps['upgradeRelease'];
}

/** The use cases of single members of a project. */
export function createProjectMembers(
  deps: ProjectMembersDeps,
): Pick<ProjectServices, 'addMembers' | 'upgradeMember' | 'removeMember'> {
  const { awaitOutcome, cache, cluster, judgeConnections, judgeMembers, readMember, submitTask } = deps;
  const { current } = deps.revisions;
  const { namespaces, tasks } = cluster;
  return {
    addMembers: createAddMembers({
      current,
      namespaces,
      findRepeated: createFindRepeated({ store: tasks }),
      readMember,
      judgeMembers,
      judgeConnections,
      keepArchive: deps.charts.keepArchive,
      submitTask,
      awaitOutcome,
    }),
    upgradeMember: createUpgradeMember({ cache, current, upgradeRelease: deps.upgradeRelease }),
    removeMember: createRemoveMember({
      cache,
      current,
      store: tasks,
      refuseDependents: deps.dependencies.refuseDependents,
      submitTask,
      awaitOutcome,
    }),
  };
}
