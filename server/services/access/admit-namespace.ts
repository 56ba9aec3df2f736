import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import type { Authorization } from './authorization.ts';

const CREATE_NAMESPACE = { verb: 'create', group: '', resource: 'namespaces' } as const;

/** Where a release is to be: whether its namespace exists, and may be made where it does not. */
export type PlaceWanted = { namespace: string; exists: boolean; createNamespace: boolean; caller: Caller | null };

/** Refuses what has no place. @throws ProblemError NAMESPACE_NOT_FOUND, FORBIDDEN where the caller may make none */
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
