import { RELEASES, rightsOf } from '../../../contract/schemas/access.ts';
import type { AccessOverview, NamespaceAccess, OperationAccess } from '../../../contract/schemas/access-overview.ts';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { type AccessQuestion, questionOf, refusalText } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { NamespaceReader } from '../../ports/cluster/namespaces.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { Authorization } from './authorization.ts';
import { createTtlCache } from './ttl-cache.ts';

export type GetAccessDeps = {
  /** The operations of the API by id. */
  operations: Readonly<Record<string, Pick<Operation, 'access' | 'query'>>>;
  authorization: Pick<Authorization, 'may'>;
  namespaces: Pick<NamespaceReader, 'names'>;
  /** Walm's own namespace, in which there are no releases. */
  systemNamespace: string;
  clock: Pick<Clock, 'now'>;
};

/** Where to judge: in one namespace, or in all; `limit` and `continue` page through the namespaces. */
export type AccessQuery = { namespace?: string | undefined; limit: number; continue?: string | undefined };

/**
 * Tells what a caller may do, null being everyone where no authentication is configured. Judged by the same table, and
 * with the same cached and bounded reviews, as the operations themselves.
 * @throws ProblemError CLUSTER_UNREACHABLE, TOO_MANY_REVIEWS, FORBIDDEN if Walm may not list namespaces
 */
export type GetAccess = (query: AccessQuery, caller: Caller | null) => Promise<AccessOverview>;

/** Maximum concurrent reviews for one answer. */
const AT_ONCE = 16;
/** A new namespace appears after at most this time. */
const NAMES_MS = 10_000;

export function createGetAccess(deps: GetAccessDeps): GetAccess {
  const { authorization, operations } = deps;
  // Read once for all callers: what is shown of it depends on the rights of each.
  const names = createTtlCache<readonly string[]>({ clock: deps.clock, max: 1, lifeMs: () => NAMES_MS });

  async function judgeOperation(
    operation: string,
    questions: readonly AccessQuestion[],
    caller: Caller | null,
  ): Promise<OperationAccess> {
    for (const question of caller === null ? [] : questions) {
      if (caller !== null && !(await authorization.may(caller, question))) {
        const { verb, group, resource, namespace } = question;
        const missing = { verb, group, resource, namespace };
        return { operation, allowed: false, missing, reason: refusalText(caller, question) };
      }
    }
    return { operation, allowed: true };
  }

  async function judgeNamespace(name: string, caller: Caller | null): Promise<NamespaceAccess> {
    if (caller === null) {
      return { name, list: true, install: true };
    }
    const may = async (verb: 'list' | 'create') =>
      (await authorization.may(caller, questionOf({ verb, ...RELEASES }, ''))) ||
      authorization.may(caller, questionOf({ verb, ...RELEASES }, name));
    const [list, install] = await Promise.all([may('list'), may('create')]);
    return { name, list, install };
  }

  return async function getAccess({ namespace, limit, continue: behind = '' }, caller) {
    const all = namespace === undefined ? await names.get('names', () => deps.namespaces.names()) : [namespace];
    const rest = all.filter((name) => name !== deps.systemNamespace && name > behind);
    const judged = namespace === undefined ? rest.slice(0, limit) : all;
    const [found, known] = await Promise.all([
      mapBounded(Object.entries(operations), AT_ONCE, ([id, row]) =>
        judgeOperation(id, questionsOf(row, namespace, deps.systemNamespace), caller),
      ),
      mapBounded(judged, AT_ONCE, (name) => judgeNamespace(name, caller)),
    ]);
    const last = judged.at(-1);
    return {
      namespace: namespace ?? '',
      everything: caller === null,
      operations: found,
      namespaces: known.filter(({ list, install }) => list || install),
      ...(namespace === undefined && last !== undefined && judged.length < rest.length && { continue: last }),
    };
  };
}

/** What an operation asks of its caller in a namespace; undefined is all of them. */
function questionsOf(
  { access, query = {} }: Pick<Operation, 'access' | 'query'>,
  namespace: string | undefined,
  systemNamespace: string,
): AccessQuestion[] {
  if (access.kind === 'visible') {
    // Open to everyone; only with a namespace it asks for the right to list there.
    const asks = namespace !== undefined && 'namespace' in query;
    return asks ? [questionOf({ verb: 'list', ...RELEASES }, namespace)] : [];
  }
  const at = access.kind === 'rights' ? access.at : undefined;
  const place = at?.own === true ? systemNamespace : at?.namespace === null ? '' : (namespace ?? '');
  return rightsOf(access).map((right) => questionOf(right, place));
}
