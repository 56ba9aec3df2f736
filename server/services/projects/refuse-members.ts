import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { memberElsewhere } from '../../domain/errors/project-problems.ts';
import { releaseExists } from '../../domain/errors/release-problems.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { JudgedMember, RefusedMember } from './judge-members.ts';

/** The names of the releases of a request, in its order; `""` for one that has none. */
export function namesOf({ releases = [] }: ProjectRequest): string[] {
  return releases.map(({ name = '' }) => name);
}

/**
 * Refuses a request of which some releases are refused; none: nothing happens.
 * @throws ProblemError of the first refused release, with all of them in `details.releases`
 */
export function refuseMembers(order: readonly string[], refused: ReadonlyMap<string, RefusedMember>): void {
  const all = order.flatMap((name) => refused.get(name) ?? []);
  const [first] = all;
  if (first !== undefined) {
    const { code, message, details, object } = first.error;
    const releases = all.map(({ name, error }) => ({ name, code: error.code, message: error.message }));
    throw problem(code, message, { ...details, releases }, object);
  }
}

/** The project that wants a release, and whether it may take one that is in none. */
interface Wanting {
  readonly namespace: string;
  readonly project: string;
  readonly adopt: boolean;
}

/**
 * A release that exists is changed if it is a member, or if it is in no project and is to be made one. `own` is its
 * project; null: that of its record.
 * @throws ProblemError MEMBER_ELSEWHERE, RELEASE_EXISTS
 */
export function refuseStranger(
  { name, revision }: JudgedMember,
  own: string | null,
  records: readonly ReleaseRecord[],
  { namespace, project, adopt }: Wanting,
): void {
  const key = releaseKey(namespace, name);
  const current = own ?? records.find((record) => record.key === key)?.facts?.project ?? '';
  if (revision === 0 || current === project) {
    return;
  }
  if (current !== '') {
    throw memberElsewhere(namespace, name, current);
  }
  if (!adopt) {
    throw releaseExists(namespace, name, revision);
  }
}
