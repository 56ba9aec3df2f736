import { memberNotFound, projectNotFound } from '../../domain/errors/project-problems.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { ApplyInput, MutationOutcome } from '../tasks/release-mutation.ts';
import { membersOf } from './read-projects.ts';

export type UpgradeMemberDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  upgradeRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
};

/**
 * Accepts the upgrade of a release that is a member of a project, and stays one.
 * @throws ProblemError PROJECT_NOT_FOUND, MEMBER_NOT_FOUND, and the problems of an upgrade
 */
export type UpgradeMember = (input: ApplyInput & { project: string }, signal: AbortSignal) => Promise<MutationOutcome>;

export function createUpgradeMember({ cache, upgradeRelease }: UpgradeMemberDeps): UpgradeMember {
  return async function upgradeMember({ project, ...input }, signal) {
    const { namespace, request } = input;
    const members = membersOf(await cache.list(namespace), project);
    if (members.length === 0) {
      throw projectNotFound(namespace, project);
    }
    if (!members.some(({ name }) => name === request.name)) {
      throw memberNotFound(namespace, project, request.name ?? '');
    }
    return upgradeRelease(input, signal);
  };
}
