import { shareOf } from '../../domain/access/sharer.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { accountUser } from '../../domain/access/recorded-identity.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';

export type BoundedReviewsDeps = {
  reviews: AccessReviews;
  /** Maximum concurrent access reviews; one user gets at most a quarter of them. */
  max: number;
};

/** Access reviews with a limit on how many are in flight; users take turns. */
export type RightsReviews = Pick<AccessReviews, 'allows' | 'allowsSome' | 'accountUid'>;

/** Access reviews that no single user can monopolise. */
export interface BoundedReviews {
  /**
   * Reviews for requests.
   * @throws ProblemError TOO_MANY_REVIEWS if too many reviews of the user are pending
   */
  readonly requests: RightsReviews;
  /**
   * Reviews for accepted tasks. The number of tasks is limited, so these reviews are never refused and do not queue
   * behind requests.
   */
  readonly tasks: RightsReviews;
  /**
   * The owner of a token that identified `user` before.
   * @throws ProblemError TOO_MANY_REVIEWS
   */
  identifyAgain(user: string, token: string): Promise<Caller | null>;
}

/** Listing releases may need a review for every namespace of a large cluster. */
const MAX_WAITING = 20_000;

export function createBoundedReviews({ reviews, max }: BoundedReviewsDeps): BoundedReviews {
  const each = Math.ceil(max / 4);
  const refusal = () => problem('TOO_MANY_REVIEWS', `${MAX_WAITING} checks of callers' rights are waiting`);
  const gate = createFairGate({ all: max, each, line: { max: MAX_WAITING, refusal } });
  const taskGate = createFairGate({ all: max, each });
  const behind = (kept: typeof gate): RightsReviews => ({
    allows: (caller, question) => kept.run(shareOf(caller), () => reviews.allows(caller, question)),
    allowsSome: (caller, question) => kept.run(shareOf(caller), () => reviews.allowsSome(caller, question)),
    accountUid: (account) => kept.run(shareOf({ user: accountUser(account) }), () => reviews.accountUid(account)),
  });
  return {
    requests: behind(gate),
    tasks: behind(taskGate),
    identifyAgain: (user, token) => gate.run(shareOf({ user }), () => reviews.identify(token)),
  };
}
