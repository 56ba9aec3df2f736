import type { Cluster } from './adapters/cluster.ts';
import type { AccessParts } from '../api/routes/access-check.ts';
import type { Config } from '../config/config-options.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import { createAuthorization } from '../services/access/authorization.ts';
import { createBoundedReviews } from '../services/access/bounded-reviews.ts';
import { createIdentifyCaller } from '../services/access/identify-caller.ts';

/** What authenticating callers needs from the rest of the server. */
export interface AccessDeps {
  readonly config: Pick<Config, 'auth' | 'kubernetes' | 'limits'>;
  readonly cluster: Pick<Cluster, 'accessReviews' | 'tasks'>;
  readonly clock: Clock;
  /** Key under which tokens are remembered. */
  readonly key: Buffer;
}

/** Authentication and authorization of callers. In mode `none` neither callers nor the cluster are asked. */
export function createAccess({ config, cluster, clock, key }: AccessDeps): AccessParts {
  const { accessReviews: reviews, tasks } = cluster;
  const { mode } = config.auth;
  const { accessReviews, tokenReviews } = config.limits;
  const { requests, tasks: taskReviews, identifyAgain } = createBoundedReviews({ reviews, max: accessReviews });
  return {
    identify:
      mode === 'kubernetes'
        ? createIdentifyCaller({ reviews, identifyAgain, clock, key, maxUnknown: tokenReviews })
        : null,
    authorization: createAuthorization({ reviews: requests, taskReviews, clock }),
    systemNamespace: config.kubernetes.systemNamespace,
    findTask: async (id) => (await tasks.find(id))?.task ?? null,
  };
}
