import { isJsonObject, type JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';

/**
 * The caller of a request, as authenticated by the cluster; Walm impersonates the caller for everything it does for
 * them. In `Caller | null`, null is Walm's own identity (authentication mode `none`).
 *
 * All four parts belong together: a token limited by `extra` is not the same caller as its unlimited owner.
 */
export interface Caller {
  /** Never empty: an empty identity is refused, never sent (architecture, security model). */
  readonly user: string;
  readonly groups: readonly string[];
  /** Distinguishes successive users of the same name; `""` if the cluster provides none. */
  readonly uid: string;
  /** Further attributes for authorizers, such as the scopes of a token. Keys are lower-case, no list is empty. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** An identity as the cluster reports it; `uid` and `extra` may be absent. */
export type ClaimedIdentity = {
  user: string;
  groups: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
};

const NOBODY = 'system:anonymous';
const NOBODIES = 'system:unauthenticated';
/** Maximum groups, and maximum values of `extra`. */
const MAX_PARTS = 1_000;
/** Maximum bytes of an identity: it is sent in header fields, and stored in every task and seal, which have limits, too. */
const MAX_TEXT_BYTES = 64 * 1024;
/** Header fields lose surrounding white space, and cannot contain control characters: the name would change. */
const UNSENDABLE = /^\s|\s$|\p{Cc}/u;

/**
 * The caller of this name in these groups; null if unauthenticated. An identity is rejected if impersonation could not carry it
 * unchanged: an empty user name or group would be left out, and the request would run with Walm's own rights; keys of
 * `extra` lose their case; and oversized identities cannot be sent. The anonymous user counts as unauthenticated.
 */
export function callerOf({ user, groups, uid = '', extra = {} }: ClaimedIdentity): Caller | null {
  const entries = Object.entries(extra).filter(([, values]) => values.length > 0);
  const named = [user, ...groups, ...entries.map(([key]) => key)];
  const texts = [...named, uid, ...entries.flatMap(([, values]) => values)];
  const isSomebody =
    user !== NOBODY &&
    !groups.includes(NOBODIES) &&
    texts.length <= MAX_PARTS &&
    named.every((text) => text !== '') &&
    entries.every(([key]) => key === key.toLowerCase()) &&
    !texts.some((text) => UNSENDABLE.test(text)) &&
    texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= MAX_TEXT_BYTES;
  return isSomebody ? { user, groups: [...groups], uid, extra: Object.fromEntries(entries) } : null;
}

/**
 * A recorded identity; null is Walm's own. Undefined if it is not a valid identity: a damaged one must not become
 * Walm's own.
 */
export function readCaller(value: JsonValue | undefined): Caller | null | undefined {
  if (value === null) {
    return null;
  }
  const { user, groups, uid = '', extra = {} } = asObject(value);
  const isTextList = (list: JsonValue | undefined): list is string[] =>
    Array.isArray(list) && list.every((text) => typeof text === 'string');
  if (typeof user !== 'string' || typeof uid !== 'string' || !isTextList(groups) || !isJsonObject(extra)) {
    return undefined;
  }
  const values = Object.entries(extra);
  const isWhole = values.every(([, list]) => isTextList(list));
  return isWhole ? (callerOf({ user, groups, uid, extra: extra as Record<string, string[]> }) ?? undefined) : undefined;
}

/** A key that two callers share only if every authorizer treats them the same. */
export function callerKey({ user, groups, uid, extra }: Caller): string {
  return JSON.stringify([user, uid, groups.toSorted(), sortedExtra(extra)]);
}

/** Attributes that the API server adds about the token and its use; they change with every new token. */
const ABOUT_THE_TOKEN = 'authentication.kubernetes.io/';

/**
 * A key of the same user with any of their tokens: groups may have changed, and service accounts get new tokens every
 * hour. Tokens limited by other attributes have different keys.
 */
export function samePersonKey({ user, uid, extra }: Caller): string {
  return JSON.stringify([user, uid, sortedExtra(extra).filter(([key]) => !key.startsWith(ABOUT_THE_TOKEN))]);
}

function sortedExtra(extra: Caller['extra']): [string, readonly string[]][] {
  return Object.entries(extra)
    .map(([key, values]): [string, readonly string[]] => [key, values.toSorted()])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
