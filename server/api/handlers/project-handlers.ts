import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import type { ProjectInfo, ProjectInfoList } from '../../../contract/schemas/project.ts';
import type { CreateProjectInput } from '../../services/projects/create-project.ts';
import type { DeleteProjectInput } from '../../services/projects/delete-project.ts';
import type { MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

/** The use cases of project operations. */
export interface ProjectServices {
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
