import { memberNotFound, projectNotFound } from '../../domain/errors/project-problems.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { ApplyInput, MutationOutcome } from '../tasks/release-mutation.ts';
import { membersOf } from './read-projects.ts';

export type UpgradeMemberDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  current: Pick<CurrentReleases, 'list'>;
  upgradeRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
};

/**
 * Accepts the upgrade of a release that is a member of a project, and stays one.
 * @throws ProblemError PROJECT_NOT_FOUND, MEMBER_NOT_FOUND, and the problems of an upgrade
 */
export type UpgradeMember = (input: ApplyInput & { project: string }, signal: AbortSignal) => Promise<MutationOutcome>;

export function createUpgradeMember({ cache, current, upgradeRelease }: UpgradeMemberDeps): UpgradeMember {
  return async function upgradeMember({ project, ...input }, signal) {
    const { namespace, request } = input;
    const isMember = ({ name }: ReleaseRecord) => name === request.name;
    if (!membersOf(await cache.list(namespace), project).some(isMember)) {
      const members = membersOf(await current.list(namespace), project);
      if (members.length === 0) {
        throw projectNotFound(namespace, project);
      }
      if (!members.some(isMember)) {
        throw memberNotFound(namespace, project, request.name ?? '');
      }
    }
    return upgradeRelease(input, signal);
  };
}
