import type { VisibleNamespaces } from '../../../services/access/visible-namespaces.ts';
import type { Operations } from '../../../../contract/operations/operations.ts';
import type { projectOperations } from '../../../../contract/operations/project-operations.ts';
import type { ProjectInfo, ProjectInfoList, ProjectRequest } from '../../../../contract/schemas/project.ts';
import type { AddMembers } from '../../../services/projects/add-members.ts';
import type { ApplyProject } from '../../../services/projects/apply-project.ts';
import type { CreateProjectInput } from '../../../services/projects/create-project.ts';
import type { DeleteProjectInput } from '../../../services/projects/delete-project.ts';
import type { OperateProject, OperateProjectInput } from '../../../services/projects/operate-project.ts';
import type { PlanProject } from '../../../services/projects/plan-project.ts';
import type { RemoveMember } from '../../../services/projects/remove-member.ts';
import type { UpgradeMember } from '../../../services/projects/upgrade-member.ts';
import type { WhenLong } from '../../../services/jobs/long-answer.ts';
import type { MutationOutcome } from '../../../services/tasks/release-mutation.ts';
import { eventPosition, type EventPosition } from '../event-position.ts';
import { warningsHeader } from '../../answers/warnings-header.ts';
import type { PreviewProject } from '../../../services/projects/preview-project.ts';
import type { ProjectFilter, ProjectView } from '../../../services/projects/read-projects.ts';
import { upgradeInput } from '../apply-input.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { mutationOptions, mutationReply } from '../mutation-reply.ts';

/** The use cases of project operations. */
export interface ProjectServices extends PreviewProject, EventPosition {
  readonly addMembers: AddMembers;
  readonly planProject: PlanProject;
  readonly applyProject: ApplyProject;
  readonly operateProject: OperateProject;
  readonly removeMember: RemoveMember;
  readonly upgradeMember: UpgradeMember;
  readonly createProject: (input: CreateProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly deleteProject: (input: DeleteProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly getProject: (
    namespace: string,
    project: string,
    view: ProjectView,
    whenLong: WhenLong,
  ) => Promise<ProjectInfo>;
  readonly listProjects: (
    visible: VisibleNamespaces | null,
    filter: ProjectFilter,
    whenLong: WhenLong,
  ) => Promise<ProjectInfoList>;
}

type ListQuery = Call<Operations['listProjects']>['query'];
type ProjectOperation = keyof typeof projectOperations;
type AddCall = Call<Operations['addMember']> | Call<Operations['addMembers']>;

/** The handlers of the operations on projects. */
export function createProjectHandlers(services: ProjectServices): HandlersOf<ProjectOperation> {
  const list = async (
    { query, whenLong }: { query: ListQuery; whenLong: WhenLong },
    visible: VisibleNamespaces | null,
    where: Pick<ProjectFilter, 'namespace'>,
  ) => {
    const { labelselector, q: text, sort, view, limit, continue: from } = query;
    const headers = eventPosition(services);
    const filter = {
      ...where,
      ...(labelselector !== undefined && { selector: labelselector }),
      ...(text !== undefined && { text }),
      ...(limit && { limit }),
      ...(from !== undefined && { continue: from }),
      sort,
      view,
    };
    const body = await services.listProjects(visible, filter, whenLong);
    return { status: 200, body, headers } as const;
  };
  const addMembers = async (call: AddCall, request: ProjectRequest) => {
    const { adopt, waitReady, allowMissing } = call.query;
    const outcome = await services.addMembers(
      { ...call.path, request, adopt, waitReady, allowMissing, options: mutationOptions(call) },
      call.signal,
    );
    return mutationReply(outcome, call.warnings);
  };
  const operate = async (
    call: Call<Operations['pauseProject']> | Call<Operations['restartProject']>,
    order: OperateProjectInput['order'],
  ) => {
    const outcome = await services.operateProject({ ...call.path, order, options: mutationOptions(call) }, call.signal);
    return mutationReply(outcome, call.warnings);
  };
  return {
    listProjects: (call) => list(call, call.visible, {}),
    listNamespaceProjects: (call) => list(call, null, { namespace: call.path.namespace }),
    getProject: async ({ path, query, whenLong }) => ({
      status: 200,
      headers: eventPosition(services),
      body: await services.getProject(path.namespace, path.project, query.view, whenLong),
    }),
    createProject: async (call) => {
      const { waitReady, allowMissing } = call.query;
      const outcome = await services.createProject(
        { ...call.path, request: call.body, waitReady, allowMissing, options: mutationOptions(call) },
        call.signal,
      );
      return mutationReply(outcome, call.warnings);
    },
    applyProject: async (call) => {
      const { remove, deletePvcs, adopt, refresh, waitReady, allowMissing, wait, force, onFailure, plan, dryrun } =
        call.query;
      const options = mutationOptions(call);
      const terms = { remove, deletePvcs, adopt, refresh, waitReady, allowMissing, wait, force };
      const input = { ...call.path, request: call.body, ...terms, options };
      if (dryrun) {
        const planned = await services.planProject(input, call.signal);
        const warnings = [...call.warnings, ...planned.plan.warnings];
        return { status: 200, body: { ...planned.plan, warnings } };
      }
      const applied = { ...input, onFailure, ...(plan !== undefined && { plan }) };
      return mutationReply(await services.applyProject(applied, call.signal), call.warnings);
    },
    dryRunProject: async (call) => {
      const { hooks, crds, diff, validate } = call.query;
      const input = { ...previewInput(call), validate };
      const { answer, warnings } = diff
        ? await services.compareProject(input, call.signal)
        : await services.dryRunProject({ ...input, hooks, crds }, call.signal);
      return { status: 200, body: answer, headers: warningsHeader([...call.warnings, ...warnings]) };
    },
    estimateProject: async (call) => {
      const input = { ...previewInput(call), validate: 'client' as const };
      const { answer, warnings } = call.query.sum
        ? await services.sumProject(input, call.signal)
        : await services.estimateProject(input, call.signal);
      return { status: 200, body: answer, headers: warningsHeader([...call.warnings, ...warnings]) };
    },
    addMember: (call) => addMembers(call, { releases: [call.body] }),
    addMembers: (call) => addMembers(call, call.body),
    upgradeMember: async (call) => {
      const input = { ...upgradeInput(call), project: call.path.project };
      const outcome = await services.upgradeMember(input, call.signal);
      return mutationReply(outcome, call.warnings);
    },
    removeMember: async (call) => {
      const { deletePvcs, ignoreNotFound, keepHistory, unwire, force } = call.query;
      const outcome = await services.removeMember(
        { ...call.path, deletePvcs, ignoreNotFound, keepHistory, unwire, force, options: mutationOptions(call) },
        call.signal,
      );
      return mutationReply(outcome, call.warnings);
    },
    pauseProject: (call) => operate(call, { kind: 'pause' }),
    recoverProject: (call) => operate(call, { kind: 'recover' }),
    restartProject: (call) => operate(call, { kind: 'restart', mode: call.query.mode }),
    deleteProject: async (call) => {
      const { deletePvcs, ignoreNotFound, keepHistory, force } = call.query;
      const outcome = await services.deleteProject(
        { ...call.path, deletePvcs, ignoreNotFound, keepHistory, force, options: mutationOptions(call) },
        call.signal,
      );
      return mutationReply(outcome, call.warnings);
    },
  };
}

function previewInput(call: Call<Operations['dryRunProject']> | Call<Operations['estimateProject']>) {
  const { path, body, caller, requestId, query } = call;
  return { ...path, request: body, strict: query.strict, caller, requestId };
}
