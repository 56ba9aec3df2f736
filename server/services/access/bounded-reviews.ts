import type { Caller } from '../../domain/access/caller.ts';
import { accountUser } from '../../domain/access/recorded-identity.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';

export type BoundedReviewsDeps = {
  reviews: AccessReviews;
  /** Most questions about rights at once; one user has a quarter of them. */
  max: number;
};

/** Questions about rights, of which so many are under way at once; users take turns. */
export type RightsReviews = Pick<AccessReviews, 'allows' | 'allowsSome' | 'accountUid'>;

/** Reviews that no user can keep from others. */
export interface BoundedReviews {
  /** What requests ask. @throws ProblemError TOO_MANY_REVIEWS when too many questions about the user are waiting */
  readonly requests: RightsReviews;
  /** What accepted tasks ask, which are bounded themselves: they wait neither behind requests nor are they refused. */
  readonly tasks: RightsReviews;
  /** Whose token it is, of one that `user` was known by lately. @throws ProblemError TOO_MANY_REVIEWS */
  identifyAgain(user: string, token: string): Promise<Caller | null>;
}

/** A list of releases may ask about every namespace of a large cluster. */
const MAX_WAITING = 20_000;

export function createBoundedReviews({ reviews, max }: BoundedReviewsDeps): BoundedReviews {
  const each = Math.ceil(max / 4);
  const refusal = () => problem('TOO_MANY_REVIEWS', `${MAX_WAITING} questions about the caller's rights are waiting`);
  const gate = createFairGate({ all: max, each, line: { max: MAX_WAITING, refusal } });
  const taskGate = createFairGate({ all: max, each });
  const behind = (kept: typeof gate): RightsReviews => ({
    allows: (caller, question) => kept.run(caller.user, () => reviews.allows(caller, question)),
    allowsSome: (caller, question) => kept.run(caller.user, () => reviews.allowsSome(caller, question)),
    accountUid: (account) => kept.run(accountUser(account), () => reviews.accountUid(account)),
  });
  return {
    requests: behind(gate),
    tasks: behind(taskGate),
    identifyAgain: (user, token) => gate.run(user, () => reviews.identify(token)),
  };
}
