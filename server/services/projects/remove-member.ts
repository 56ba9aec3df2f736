import { dependentsOf } from '../../domain/dependencies/dependents.ts';
import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { memberNotFound, projectNotFound } from '../../domain/errors/project-problems.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { type MemberChange, projectKey } from '../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { RefuseDependents } from '../dependencies/refuse-dependents.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import { membersOf } from './read-projects.ts';

export type RemoveMemberDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  refuseDependents: RefuseDependents;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface RemoveMemberInput {
  readonly namespace: string;
  readonly project: string;
  readonly release: string;
  readonly deletePvcs: boolean;
  readonly keepHistory: boolean;
  /** A release that is no member, or a project that does not exist, is no failure. */
  readonly ignoreNotFound: boolean;
  /** Upgrade members that depend on it first, so that they do not any more. */
  readonly unwire: boolean;
  /** Remove it even if other releases depend on it; they keep what they got from it. */
  readonly force: boolean;
  readonly options: MutationOptions;
}

/**
 * Accepts the deletion of a release of a project.
 * @throws ProblemError PROJECT_NOT_FOUND or MEMBER_NOT_FOUND unless `ignoreNotFound`, RELEASE_HAS_DEPENDENTS unless `force`
 * (with `unwire`: only for dependents outside of the project), and the problem that the task fails with
 */
export type RemoveMember = (input: RemoveMemberInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRemoveMember(deps: RemoveMemberDeps): RemoveMember {
  return async function removeMember(input, signal) {
    const { namespace, project, release, ignoreNotFound, unwire, force, options } = input;
    const records = await deps.cache.list();
    const members = membersOf(
      records.filter((record) => record.namespace === namespace),
      project,
    );
    const own = members.find(({ name }) => name === release);
    const undecided =
      options.idempotencyKey !== undefined || deps.store.unfinishedOf(projectKey(namespace, project)).length > 0;
    if (own === undefined && !undecided) {
      if (ignoreNotFound) {
        return { task: null, finished: true, warnings: options.warnings };
      }
      throw members.length === 0 ? projectNotFound(namespace, project) : memberNotFound(namespace, project, release);
    }
    const dependents = own === undefined ? [] : dependentsOf(own.key, records);
    const unwired = unwire ? dependents.filter(({ key }) => members.some((member) => member.key === key)) : [];
    if (own !== undefined && !force && dependents.length > unwired.length) {
      await deps.refuseDependents([own.key], options.caller);
    }
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: 'changeProject', steps: toSteps(input, own?.key, unwired) },
      asked: { verb: 'removeMember', release, unwire },
      warnings: [...options.warnings],
      options,
      seen: { history: [], ownConfig: null },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}

function toSteps(
  { release, deletePvcs, keepHistory, ignoreNotFound }: RemoveMemberInput,
  key: ReleaseKey | undefined,
  unwired: readonly ReleaseRecord[],
): MemberChange[] {
  const upgrades = unwired.map((record): MemberChange => {
    const entries = dependencyEntries(record).filter(({ provider }) => provider === key);
    const dependencies = Object.fromEntries(entries.map((entry) => [entry.key, '']));
    const request = { name: record.name, dependencies };
    const terms = { createNamespace: false, crds: 'create', waitReady: false, allowMissing: true } as const;
    return { release: record.name, after: [], order: { kind: 'upgrade', ...terms, request, origin: null } };
  });
  const removal: MemberChange = {
    release,
    after: upgrades.map((upgrade) => upgrade.release),
    order: { kind: 'delete', deletePvcs, ignoreNotFound, ...(keepHistory && { keepHistory }) },
  };
  return [...upgrades, removal];
}
