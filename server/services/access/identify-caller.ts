import { createHmac } from 'node:crypto';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { BoundedReviews } from './bounded-reviews.ts';
import { createTtlCache } from './ttl-cache.ts';

export type IdentifyCallerDeps = {
  reviews: Pick<AccessReviews, 'identify'>;
  /** Reviews a token that identified a user before. */
  identifyAgain: BoundedReviews['identifyAgain'];
  clock: Pick<Clock, 'now'>;
  /** Random, known to this process only: tokens are remembered as HMACs under this key. */
  key: Uint8Array;
  /** Maximum concurrent reviews of tokens that were not valid recently. */
  maxUnknown: number;
};

/** A revoked token is still accepted for this long. */
const KNOWN_MS = 10_000;
/** Short, so that a new token works soon, and long enough that guessing tokens does not load the cluster. */
const UNKNOWN_MS = 2_000;
const MAX_CACHED = 10_000;
/** Tokens that identified a user within this time are reviewed separately from unknown tokens. */
const TRUSTED_MS = 15 * 60_000;
/** No token of a cluster is longer, and the cost of a review grows with its length. */
const MAX_TOKEN_LENGTH = 16_384;

/** RFC 6750, section 2.1; the scheme is case-insensitive. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/**
 * Identifies the caller by the `Authorization` header. Unknown tokens and tokens of known callers have separate memory
 * and separate reviews, so guessing tokens does not affect known callers.
 * @throws ProblemError UNAUTHENTICATED without a token that the cluster accepts; TOO_MANY_TOKENS, TOO_MANY_REVIEWS,
 * CLUSTER_UNREACHABLE
 */
export type IdentifyCaller = (authorization: string | undefined) => Promise<Caller>;

export function createIdentifyCaller({
  reviews,
  identifyAgain,
  clock,
  key,
  maxUnknown,
}: IdentifyCallerDeps): IdentifyCaller {
  const known = createTtlCache<Caller | null>({ clock, max: MAX_CACHED, lifeMs: () => KNOWN_MS });
  const unknown = createTtlCache<Caller | null>({
    clock,
    max: MAX_CACHED,
    lifeMs: (caller) => (caller === null ? UNKNOWN_MS : KNOWN_MS),
  });
  /** The user last identified by a token, and when, by the digest of the token; oldest first. */
  const trusted = new Map<string, { user: string; at: number }>();
  let asking = 0;

  function trust(digest: string, { user }: Caller): void {
    trusted.delete(digest);
    trusted.set(digest, { user, at: clock.now() });
    const [oldest] = trusted.keys();
    if (trusted.size > MAX_CACHED && oldest !== undefined) {
      trusted.delete(oldest);
    }
  }

  async function ask(token: string): Promise<Caller | null> {
    if (asking >= maxUnknown) {
      throw problem('TOO_MANY_TOKENS', `the cluster is already checking ${maxUnknown} unknown tokens: try again later`);
    }
    asking += 1;
    try {
      return await reviews.identify(token);
    } finally {
      asking -= 1;
    }
  }

  async function identified(digest: string, token: string): Promise<Caller | null> {
    const last = trusted.get(digest);
    if (last !== undefined && clock.now() - last.at < TRUSTED_MS) {
      return known.get(digest, () => identifyAgain(last.user, token));
    }
    const caller = await unknown.get(digest, () => ask(token));
    return caller && known.get(digest, () => Promise.resolve(caller));
  }

  return async function identifyCaller(authorization) {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined || token.length > MAX_TOKEN_LENGTH) {
      throw problem('UNAUTHENTICATED', 'the request has no header Authorization: Bearer with a token');
    }
    const digest = createHmac('sha256', key).update(token).digest('base64');
    const caller = await identified(digest, token);
    if (caller === null) {
      trusted.delete(digest);
      throw problem(
        'UNAUTHENTICATED',
        'the cluster does not accept the token of the request: it is wrong or has expired',
      );
    }
    trust(digest, caller);
    return caller;
  };
}
