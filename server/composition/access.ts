import type { AccessParts } from '../api/routes/access-check.ts';
import type { Config } from '../config/config-options.ts';
import type { AccessReviews } from '../ports/cluster/access-reviews.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { TaskStore } from '../ports/storage/task-store.ts';
import { createAuthorization } from '../services/access/authorization.ts';
import { createBoundedReviews } from '../services/access/bounded-reviews.ts';
import { createIdentifyCaller } from '../services/access/identify-caller.ts';

/** What knowing callers needs from the rest of the server. */
export interface AccessPartsDeps {
  readonly config: Pick<Config, 'auth' | 'limits'>;
  readonly reviews: AccessReviews;
  readonly tasks: Pick<TaskStore, 'find'>;
  readonly clock: Clock;
  /** Under which tokens are remembered. */
  readonly key: Buffer;
}

/** Puts together who is calling and what they may. In mode `none` nobody is asked, and the cluster neither. */
export function createAccessParts({ config, reviews, tasks, clock, key }: AccessPartsDeps): AccessParts {
  const { mode } = config.auth;
  const { accessReviews, tokenReviews } = config.limits;
  const { requests, tasks: taskReviews, identifyAgain } = createBoundedReviews({ reviews, max: accessReviews });
  return {
    identify:
      mode === 'kubernetes'
        ? createIdentifyCaller({ reviews, identifyAgain, clock, key, maxUnknown: tokenReviews })
        : null,
    authorization: createAuthorization({ reviews: requests, taskReviews, clock }),
    findTask: async (id) => (await tasks.find(id))?.task ?? null,
  };
}
