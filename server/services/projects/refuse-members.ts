import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { RefusedMember } from './judge-members.ts';

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
