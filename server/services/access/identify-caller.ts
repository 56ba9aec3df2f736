import { createHmac } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import { problem } from '../../domain/problem-error.ts';
import type { AccessReviews } from '../../ports/access-reviews.ts';
import type { Clock } from '../../ports/clock.ts';
import { createShortMemory } from './short-memory.ts';

export type IdentifyCallerDeps = {
  reviews: Pick<AccessReviews, 'identify'>;
  clock: Pick<Clock, 'now'>;
  /** Random, of this process alone: what is remembered of a token is its HMAC under this key. */
  key: Uint8Array;
};

/** A token that was taken back is still believed for this long. */
const KNOWN_MS = 10_000;
/** Somebody who has just got a token is not kept waiting; somebody who guesses does not burden the cluster. */
const UNKNOWN_MS = 2_000;
const MOST = 10_000;

/** RFC 6750, section 2.1; the scheme in any case. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/**
 * Says who sends a request with this `Authorization` header.
 * @throws ProblemError UNAUTHENTICATED without a token that the cluster knows somebody by; CLUSTER_UNREACHABLE
 */
export function createIdentifyCaller({ reviews, clock, key }: IdentifyCallerDeps) {
  const memory = createShortMemory<Caller | null>({
    clock,
    most: MOST,
    lifeMs: (caller) => (caller === null ? UNKNOWN_MS : KNOWN_MS),
  });

  return async (authorization: string | undefined): Promise<Caller> => {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw problem('UNAUTHENTICATED', 'the request has no header Authorization: Bearer with a token');
    }
    const digest = createHmac('sha256', key).update(token).digest('base64');
    const caller = await memory.recall(digest, () => reviews.identify(token));
    if (caller === null) {
      throw problem('UNAUTHENTICATED', 'the cluster knows nobody by the token of the request: it is wrong, or too old');
    }
    return caller;
  };
}
