import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import type { ProjectInfo, ProjectInfoList } from '../../../contract/schemas/project.ts';
import type { CreateProjectInput } from '../../services/projects/create-project.ts';
import type { DeleteProjectInput } from '../../services/projects/delete-project.ts';
import type { MutationOutcome } from '../../services/tasks/release-mutation.ts';
import { warningsHeader } from '../answers/warnings-header.ts';
import type { PreviewProject } from '../../services/projects/preview-project.ts';
import type { Call, HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

/** The use cases of project operations. */
export interface ProjectServices extends PreviewProject {
  readonly createProject: (input: CreateProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly deleteProject: (input: DeleteProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly getProject: (namespace: string, project: string) => Promise<ProjectInfo>;
  readonly listProjects: (visible: VisibleNamespaces | null, namespace?: string) => Promise<ProjectInfoList>;
}

type ProjectOperation = Extract<keyof Operations, `${string}Project${string}`>;

/** The handlers of the operations on projects. */
export function createProjectHandlers(services: ProjectServices): HandlersOf<ProjectOperation> {
  return {
    listProjects: async ({ visible }) => ({ status: 200, body: await services.listProjects(visible) }),
    listNamespaceProjects: async ({ path }) => ({
      status: 200,
      body: await services.listProjects(null, path.namespace),
    }),
    getProject: async ({ path }) => ({ status: 200, body: await services.getProject(path.namespace, path.project) }),
    createProject: async (call) => {
      const { waitReady, allowMissing } = call.query;
      const outcome = await services.createProject(
        { ...call.path, request: call.body, waitReady, allowMissing, options: mutationOptions(call) },
        call.signal,
      );
      return mutationReply(outcome, call.warnings);
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
