import { projectNotFound } from '../../domain/errors/project-problems.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { RefuseDependents } from '../dependencies/refuse-dependents.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import { membersOf } from './read-projects.ts';
import { isUndecided } from './undecided-project.ts';

export type DeleteProjectDeps = {
  current: Pick<CurrentReleases, 'list'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  refuseDependents: RefuseDependents;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface DeleteProjectInput {
  readonly namespace: string;
  readonly project: string;
  readonly deletePvcs: boolean;
  /** It is not an error if there is nothing to delete. */
  readonly ignoreNotFound: boolean;
  /** Keep the revisions of its releases. */
  readonly keepHistory: boolean;
  /** Delete even if other releases depend on what is deleted; they keep what they got from it. */
  readonly force: boolean;
  readonly options: MutationOptions;
}

/**
 * Accepts the deletion of a project. Throws PROJECT_NOT_FOUND unless `ignoreNotFound`, RELEASE_HAS_DEPENDENTS unless
 * `force`, and the problem that the task fails with.
 */
export type DeleteProject = (input: DeleteProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createDeleteProject(deps: DeleteProjectDeps): DeleteProject {
  return async function deleteProject(input, signal) {
    const { namespace, project, deletePvcs, ignoreNotFound, keepHistory, force, options } = input;
    const members = membersOf(await deps.current.list(namespace), project);
    const undecided = isUndecided(deps.store, namespace, project, options);
    if (members.length === 0 && !undecided) {
      if (ignoreNotFound) {
        return { task: null, finished: true, warnings: options.warnings };
      }
      throw projectNotFound(namespace, project);
    }
    if (!force) {
      await deps.refuseDependents(
        members.map(({ key }) => key),
        options.caller,
      );
    }
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: 'deleteProject', deletePvcs, ...(keepHistory && { keepHistory }) },
      warnings: [...options.warnings],
      options,
      seen: { history: [], ownConfig: null },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}
