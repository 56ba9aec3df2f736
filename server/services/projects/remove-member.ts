import { dependentsOf } from '../../domain/dependencies/dependents.ts';
import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { memberNotFound, projectNotFound } from '../../domain/errors/project-problems.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { MemberChange } from '../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { MutationOutcome } from '../tasks/release-mutation.ts';
import type { DeleteProjectDeps, DeleteProjectInput } from './delete-project.ts';
import { membersOf } from './read-projects.ts';
import { isUndecided } from './undecided-project.ts';

export interface RemoveMemberInput extends DeleteProjectInput {
  /** The only release that is deleted. */
  readonly release: string;
  /** Upgrade members that depend on it first, so that they do not any more. */
  readonly unwire: boolean;
}

/**
 * Accepts the deletion of a release of a project.
 * @throws ProblemError PROJECT_NOT_FOUND or MEMBER_NOT_FOUND unless `ignoreNotFound`, RELEASE_HAS_DEPENDENTS unless `force`
 * (with `unwire`: only for dependents outside of the project), and the problem that the task fails with
 */
export type RemoveMember = (input: RemoveMemberInput, signal: AbortSignal) => Promise<MutationOutcome>;

export type RemoveMemberDeps = DeleteProjectDeps & { cache: Pick<ReleaseCache, 'list'> };

export function createRemoveMember(deps: RemoveMemberDeps): RemoveMember {
  return async function removeMember(input, signal) {
    const { namespace, project, release, ignoreNotFound, unwire, force, options } = input;
    const own = await deps.current.list(namespace);
    const others = (await deps.cache.list()).filter((record) => record.namespace !== namespace);
    const members = membersOf(own, project);
    const removed = members.find(({ name }) => name === release);
    const undecided = isUndecided(deps.store, namespace, project, options);
    if (removed === undefined && !undecided) {
      if (ignoreNotFound) {
        return { task: null, finished: true, warnings: options.warnings };
      }
      throw members.length === 0 ? projectNotFound(namespace, project) : memberNotFound(namespace, project, release);
    }
    const dependents = removed === undefined ? [] : dependentsOf(removed.key, [...own, ...others]);
    const unwired = unwire ? dependents.filter(({ key }) => members.some((member) => member.key === key)) : [];
    if (removed !== undefined && !force && dependents.length > unwired.length) {
      await deps.refuseDependents([removed.key], options.caller);
    }
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: 'changeProject', steps: toSteps(input, removed?.key, unwired) },
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
