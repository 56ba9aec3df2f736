import type { KeepArchive } from '../charts/keep-archive.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { releaseExists } from '../../domain/errors/release-problems.ts';
import { projectExists } from '../../domain/errors/project-problems.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { type ProjectInstall, projectKey, type Task } from '../../domain/tasks/task.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import { refuseWarnings } from '../releases/compose/refuse-warnings.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import type { ApplyProject } from './apply-project.ts';
import type { JudgeConnections } from './judge-connections.ts';
import type { JudgedMember, JudgeMembers } from './judge-members.ts';
import { membersOf } from './read-projects.ts';
import { isUndecided } from './undecided-project.ts';

export type CreateProjectDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  current: Pick<CurrentReleases, 'list'>;
  store: Pick<TaskStore, 'latestOf' | 'unfinishedOf'>;
  namespaces: Pick<Namespaces, 'exists'>;
  /** Goes on with a creation that failed. */
  applyProject: ApplyProject;
  judgeMembers: JudgeMembers;
  judgeConnections: JudgeConnections;
  keepArchive: KeepArchive;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface CreateProjectInput {
  readonly namespace: string;
  readonly project: string;
  readonly request: ProjectRequest;
  readonly waitReady: boolean;
  readonly allowMissing: boolean;
  readonly options: MutationOptions;
}

/**
 * Accepts a project: any fault that can be known in advance, in any of its releases, is refused before anything is
 * written; then one durable task installs the releases, each after its dependencies. One whose creation failed, and that has
 * no other releases than the named ones, is applied instead: that does what is left. Throws PROJECT_EMPTY,
 * PROJECT_EXISTS, the problems of an install, and the problem that the task fails with.
 */
export type CreateProject = (input: CreateProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createCreateProject(deps: CreateProjectDeps): CreateProject {
  return async function createProject(input, signal) {
    const { namespace, project, options } = input;
    const undecided = isUndecided(deps.store, namespace, project, options);
    const mayExist = !undecided && membersOf(await deps.cache.list(namespace), project).length > 0;
    const present = mayExist ? membersOf(await deps.current.list(namespace), project) : [];
    if (present.length > 0) {
      const named = new Set((input.request.releases ?? []).map(({ name }) => name));
      if (
        !isBroken(deps.store.latestOf(projectKey(namespace, project))) ||
        !present.every(({ name }) => named.has(name))
      ) {
        throw projectExists(namespace, project);
      }
      return deps.applyProject({ ...input, ...REST, force: options.force === true }, signal);
    }
    if (!(await deps.namespaces.exists(namespace))) {
      throw namespaceNotFound(namespace);
    }
    const { caller, requestId } = options;
    const { members, refused, commonValues } = await deps.judgeMembers(
      { namespace, project, request: input.request, caller, requestId },
      signal,
    );
    const [first] = refused;
    if (first !== undefined) {
      throw first.error;
    }
    const taken = members.find(
      ({ name, revision }) => revision > 0 && deps.store.unfinishedOf(releaseKey(namespace, name)).length === 0,
    );
    if (!undecided && taken !== undefined) {
      throw releaseExists(namespace, taken.name, taken.revision);
    }
    const warnings = await deps.judgeConnections({ ...input, members }, signal);
    refuseWarnings(warnings, options.strict);
    const installs = members.map((one) => toInstall(input, one, commonValues));
    const digests = new Set(installs.map(({ order }) => order.origin.digest));
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: 'createProject', installs },
      warnings: [...options.warnings, ...warnings],
      options,
      seen: { history: [], ownConfig: null },
      keepArchive: async (task) => {
        const user = { task, as: options.caller };
        await Promise.all([...digests].map((digest) => deps.keepArchive(namespace, digest, user)));
        return true;
      },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}

/** What a creation leaves to chance, where it goes on with one that failed. */
const REST = {
  remove: false,
  deletePvcs: false,
  adopt: false,
  refresh: false,
  wait: false,
  onFailure: 'stop',
} as const;

/** Whether the latest change of a project was to create it, and did not. */
function isBroken(task: Task | undefined): boolean {
  const isCreation = task?.order.kind === 'createProject' || task?.order.kind === 'applyProject';
  return isCreation && (task.state === 'failed' || task.state === 'cancelled');
}

function toInstall(
  { project, waitReady, allowMissing }: CreateProjectInput,
  { name, request, resolved, after }: JudgedMember,
  commonValues: JsonObject,
): ProjectInstall {
  if (resolved === null) {
    // The release is about to be deleted by an earlier task: its chart goes with it.
    throw problem('CHART_MISSING', `release ${name}: the request names no chart`);
  }
  return {
    release: name,
    after: [...after],
    order: {
      kind: 'install',
      request,
      origin: resolved.origin,
      createNamespace: false,
      crds: 'create',
      waitReady,
      allowMissing,
      membership: { project, commonValues },
    },
  };
}
