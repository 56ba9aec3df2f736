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
import { createShortMemory } from './short-memory.ts';
import type { VisibleNamespaces } from './visible-namespaces.ts';

export type AuthorizationDeps = {
  reviews: RightsReviews;
  /** What tasks are judged by when they start; absent: the same. */
  taskReviews?: RightsReviews;
  clock: Pick<Clock, 'now'>;
};

/**
 * What callers may do, as the cluster says. The caller null is Walm itself, or anybody where no authentication is
 * configured: nothing is asked, and everything allowed. A service account that was deleted may nothing, nor does the
 * one that has its name since: what names it in bindings outlives it, and those who are acted for show no token. Every
 * method throws ProblemError FORBIDDEN where it says so, CLUSTER_UNREACHABLE when the cluster cannot be asked, and
 * TOO_MANY_REVIEWS when too many questions are waiting.
 */
export interface Authorization {
  /** Without questions: that the caller is still there. @throws ProblemError FORBIDDEN, naming the first right that is missing */
  demand(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void>;
  /** The same before it is known which release it is about: the caller has to have the right on one at least. */
  demandSome(caller: Caller | null, questions: readonly AccessQuestion[]): Promise<void>;
  /** The same for one release. */
  demandRelease(caller: Caller | null, verb: Verb, key: ReleaseKey): Promise<void>;
  /** The same for what a task does. `anew`: it starts, and the cluster is asked whatever it said a moment ago. */
  demandTask(task: Pick<Task, 'namespace' | 'release' | 'order' | 'caller'>, anew?: boolean): Promise<void>;
  /** Whether the caller may; nothing is refused. */
  may(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /** What the caller may list; null is everything. */
  visibleTo(caller: Caller | null): VisibleNamespaces | null;
  /** What the caller may read beside releases; null is everything. */
  contentOf(caller: Caller | null): ReadableContent | null;
}

/** A right that was given or taken away counts after this time. */
const GOOD_MS = 3_000;
const MAX_REMEMBERED = 50_000;

export function createAuthorization({ reviews, taskReviews = reviews, clock }: AuthorizationDeps): Authorization {
  const memory = createShortMemory<boolean>({ clock, max: MAX_REMEMBERED, lifeMs: () => GOOD_MS });

  const accounts = createShortMemory<string | null>({ clock, max: MAX_REMEMBERED, lifeMs: () => GOOD_MS });

  async function isThere(caller: Caller, anew = false): Promise<boolean> {
    const account = accountOf(caller);
    if (account === null) {
      return true;
    }
    const asked = anew ? taskReviews : reviews;
    const uid = await accounts.recall(caller.user, () => asked.accountUid(account), anew);
    return uid !== null && (caller.uid === '' || caller.uid === uid);
  }

  /** Of a caller who is there. */
  function holds(caller: Caller, question: AccessQuestion, anew = false): Promise<boolean> {
    const { verb, group, resource, namespace, name } = question;
    const key = JSON.stringify([callerKey(caller), verb, group, resource, namespace, name]);
    const asked = anew ? taskReviews : reviews;
    return memory.recall(key, () => asked.allows(caller, question), anew);
  }

  async function allows(caller: Caller, question: AccessQuestion): Promise<boolean> {
    return (await isThere(caller)) && holds(caller, question);
  }

  /** Most have the right on all names, and are told apart by the cheaper question. */
  async function allowsSome(caller: Caller, question: AccessQuestion): Promise<boolean> {
    const { verb, group, resource, namespace } = question;
    const key = JSON.stringify(['some', callerKey(caller), verb, group, resource, namespace]);
    return (
      (await holds(caller, { ...question, name: '' })) || memory.recall(key, () => reviews.allowsSome(caller, question))
    );
  }

  async function demandThere(caller: Caller, question: AccessQuestion | undefined, anew: boolean): Promise<void> {
    if (!(await isThere(caller, anew))) {
      throw refusal(
        `the service account that ${JSON.stringify(caller.user)} was is not there any more`,
        caller,
        question,
      );
    }
  }

  async function demand(
    caller: Caller | null,
    questions: readonly AccessQuestion[],
    { ask = holds, anew = false }: { ask?: typeof holds; anew?: boolean } = {},
  ): Promise<void> {
    if (caller === null) {
      return;
    }
    await demandThere(caller, questions[0], anew);
    const answers = await Promise.all(questions.map((question) => ask(caller, question, anew)));
    const missing = questions[answers.indexOf(false)];
    if (missing !== undefined) {
      throw refusal(refusalText(caller, missing), caller, missing);
    }
  }

  return {
    demand: (caller, questions) => demand(caller, questions),
    demandSome: (caller, questions) => demand(caller, questions, { ask: allowsSome }),
    demandRelease(caller, verb, key) {
      const { namespace, name } = parseReleaseKey(key);
      return demand(caller, [questionOf({ verb, ...RELEASES }, namespace, name)]);
    },
    demandTask: (task, anew) => demand(task.caller, rightsOfTask(task), { ...(anew && { anew }) }),
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
