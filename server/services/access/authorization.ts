import { READ_CONFIG_MAPS, READ_RECORDS, RELEASES, type Verb } from '../../../contract/schemas/access.ts';
import { type AccessQuestion, questionOf, refusalText } from '../../domain/access/access-question.ts';
import { type Caller, callerKey } from '../../domain/access/caller.ts';
import { accountOf } from '../../domain/access/recorded-identity.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { rightsOfTask } from '../../domain/tasks/task-rights.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { RightsReviews } from './bounded-reviews.ts';
import type { ReadableContent } from './readable-content.ts';
import { createTtlCache } from './ttl-cache.ts';
import type { VisibleNamespaces } from './visible-namespaces.ts';

export type AuthorizationDeps = {
  reviews: RightsReviews;
  /** Reviews for tasks that start; absent: the same as for requests. */
  taskReviews?: RightsReviews;
  clock: Pick<Clock, 'now'>;
};

/**
 * What callers may do, according to the cluster (SubjectAccessReview). The caller null is Walm itself, or anyone if no
 * authentication is configured: no review is made and everything is allowed. A deleted service account may do nothing,
 * and neither may a later account of the same name: role bindings name accounts only by name, and a caller that Walm
 * impersonates shows no token.
 * Every method throws ProblemError FORBIDDEN where its description says so, CLUSTER_UNREACHABLE if the cluster cannot
 * be asked, and TOO_MANY_REVIEWS if too many reviews are pending.
 */
export interface Authorization {
  /**
   * Demands all rights; without any, only that the caller still exists.
   * @throws ProblemError FORBIDDEN, naming the first missing right
   */
  demand(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void>;
  /** Demands the right on at least one release, while the request does not yet say which one. */
  demandSome(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void>;
  /**
   * Demands one of the rights, on at least one release, while the request does not yet say which one.
   * @throws ProblemError FORBIDDEN, naming the first right
   */
  demandEither(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void>;
  /** Demands the right on one release. */
  demandRelease(caller: Caller | null, verb: Verb, key: ReleaseKey): Promise<void>;
  /** Requires the rights of a task. With `fresh` (the task starts) the cluster is asked even if an answer is cached. */
  demandTask(task: Pick<Task, 'namespace' | 'release' | 'order' | 'caller'>, fresh?: boolean): Promise<void>;
  /** Whether the caller has the right; never throws FORBIDDEN. */
  may(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /** The namespaces whose releases the caller may list; null is all of them. */
  visibleTo(caller: Caller | null): VisibleNamespaces | null;
  /** What else the caller may read besides releases; null is everything. */
  contentOf(caller: Caller | null): ReadableContent | null;
}

/** A granted or revoked right takes effect after at most this time. */
const GOOD_MS = 3_000;
const MAX_CACHED = 50_000;

export function createAuthorization({ reviews, taskReviews = reviews, clock }: AuthorizationDeps): Authorization {
  const memory = createTtlCache<boolean>({ clock, max: MAX_CACHED, lifeMs: () => GOOD_MS });

  const accounts = createTtlCache<string | null>({ clock, max: MAX_CACHED, lifeMs: () => GOOD_MS });

  async function isThere(caller: Caller, fresh = false): Promise<boolean> {
    const account = accountOf(caller);
    if (account === null) {
      return true;
    }
    const asked = fresh ? taskReviews : reviews;
    const uid = await accounts.get(caller.user, () => asked.accountUid(account), fresh);
    return uid !== null && (caller.uid === '' || caller.uid === uid);
  }

  /** For a caller whose account is known to exist. */
  function holds(caller: Caller, question: AccessQuestion, fresh = false): Promise<boolean> {
    const { verb, group, resource, namespace, name } = question;
    const key = JSON.stringify([callerKey(caller), verb, group, resource, namespace, name]);
    const asked = fresh ? taskReviews : reviews;
    return memory.get(key, () => asked.allows(caller, question), fresh);
  }

  async function allows(caller: Caller, question: AccessQuestion): Promise<boolean> {
    return (await isThere(caller)) && holds(caller, question);
  }

  /** Most callers have the right on all names: the cheaper review usually suffices. */
  async function allowsSome(caller: Caller, question: AccessQuestion): Promise<boolean> {
    const { verb, group, resource, namespace } = question;
    const key = JSON.stringify(['some', callerKey(caller), verb, group, resource, namespace]);
    return (
      (await holds(caller, { ...question, name: '' })) || memory.get(key, () => reviews.allowsSome(caller, question))
    );
  }

  async function demandThere(caller: Caller, question: AccessQuestion | undefined, fresh: boolean): Promise<void> {
    if (!(await isThere(caller, fresh))) {
      throw refusal(`the service account ${JSON.stringify(caller.user)} no longer exists`, caller, question);
    }
  }

  async function demand(
    caller: Caller | null,
    questions: readonly AccessQuestion[],
    { ask = holds, fresh = false }: { ask?: typeof holds; fresh?: boolean } = {},
  ): Promise<void> {
    if (caller === null) {
      return;
    }
    await demandThere(caller, questions[0], fresh);
    const answers = await Promise.all(questions.map((question) => ask(caller, question, fresh)));
    const missing = questions[answers.indexOf(false)];
    if (missing !== undefined) {
      throw refusal(refusalText(caller, missing), caller, missing);
    }
  }

  async function demandEither(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void> {
    if (caller === null) {
      return;
    }
    await demandThere(caller, questions[0], false);
    for (const question of questions) {
      if (await allowsSome(caller, question)) {
        return;
      }
    }
    const [first] = questions;
    if (first !== undefined) {
      throw refusal(refusalText(caller, first), caller, first);
    }
  }

  return {
    demand: (caller, questions) => demand(caller, questions),
    demandSome: (caller, questions) => demand(caller, questions, { ask: allowsSome }),
    demandEither,
    demandRelease(caller, verb, key) {
      const { namespace, name } = parseReleaseKey(key);
      return demand(caller, [questionOf({ verb, ...RELEASES }, namespace, name)]);
    },
    demandTask: (task, fresh) => demand(task.caller, rightsOfTask(task), { ...(fresh && { fresh }) }),
    contentOf: (caller) =>
      caller && {
        readsConfigMaps: (namespace) => allows(caller, questionOf(READ_CONFIG_MAPS, namespace)),
        readsRecords: (namespace) => allows(caller, questionOf(READ_RECORDS, namespace)),
      },
    may: allows,
    visibleTo(caller) {
      const mayList = (who: Caller, namespace: string) =>
        allows(who, questionOf({ verb: 'list', ...RELEASES }, namespace));
      return (
        caller && {
          isEverything: () => mayList(caller, ''),
          sees: async (namespace) => (await mayList(caller, '')) || mayList(caller, namespace),
        }
      );
    },
  };
}

function refusal(text: string, { user }: Caller, question?: AccessQuestion): ProblemError {
  const { verb, group, resource, namespace, name } = question ?? {};
  return problem('FORBIDDEN', text, {
    user,
    ...(question && { verb, group, resource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  });
}
