import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import type { Authorization } from './authorization.ts';

const CREATE_NAMESPACE = { verb: 'create', group: '', resource: 'namespaces' } as const;

/** The namespace of a release: whether it exists, and whether a change may create it. */
export type PlaceWanted = { namespace: string; exists: boolean; createNamespace: boolean; caller: Caller | null };

/**
 * Refuses a release whose namespace does not exist and may not be created.
 * @throws ProblemError NAMESPACE_NOT_FOUND; FORBIDDEN if the caller may not create namespaces
 */
export async function admitNamespace(
  authorization: Pick<Authorization, 'demand'>,
  { namespace, exists, createNamespace, caller }: PlaceWanted,
): Promise<void> {
  if (exists) {
    return;
  }
  if (!createNamespace) {
    throw namespaceNotFound(namespace);
  }
  await authorization.demand(caller, [questionOf(CREATE_NAMESPACE, '')]);
}
