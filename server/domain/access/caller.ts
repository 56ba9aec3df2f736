import { isJsonObject, type JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';

/**
 * Who sent a request, as the cluster knows them; everything that is done for them is done by impersonation.
 * Where the type is `Caller | null`, null is Walm's own identity (authentication mode `none`).
 *
 * All four parts belong together: a token that is limited by `extra` is not the same caller as its full owner.
 */
export interface Caller {
  /** Never empty: an empty identity is refused, never sent (architecture, security model). */
  readonly user: string;
  readonly groups: readonly string[];
  /** What tells users of one name apart over time; `""` where the cluster gives none. */
  readonly uid: string;
  /** What else an authorizer may judge by, such as the scopes of a token. Keys are lower-case, no list is empty. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What the cluster says of somebody; an identity without `uid` and `extra` has none. */
export type ClaimedIdentity = {
  user: string;
  groups: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
};

const NOBODY = 'system:anonymous';
const NOBODIES = 'system:unauthenticated';
/** Most groups, and most values of `extra`. */
const MAX_PARTS = 1_000;
/** All of an identity, in UTF-16 units: it travels in header fields and stands in every task. */
const MAX_TEXT_LENGTH = 64 * 1024;
/** Header fields lose white space around them, and cannot hold control characters: somebody else would be named. */
const UNSENDABLE = /^\s|\s$|\p{Cc}/u;

/**
 * The caller of this name in these groups; null for nobody. An identity counts as nobody's when impersonation could
 * not carry it unchanged: a name or group that is empty would be left out of what the cluster is asked, which then is
 * done with Walm's own rights; keys of `extra` lose their case; and what is beyond all measure does not travel. The
 * anonymous user is no one in particular.
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
    texts.reduce((sum, { length }) => sum + length, 0) <= MAX_TEXT_LENGTH;
  return isSomebody ? { user, groups: [...groups], uid, extra: Object.fromEntries(entries) } : null;
}

/**
 * An identity that was written down; null is Walm's own. Undefined for what is no identity: it must not become Walm's
 * own by being damaged.
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

/** A text that two callers have in common only if they are the same to every authorizer. */
export function callerKey({ user, groups, uid, extra }: Caller): string {
  return JSON.stringify([user, uid, groups.toSorted(), sortedExtra(extra)]);
}

/** What the API server itself says of a token and of where it is used; it changes whenever a token is made anew. */
const ABOUT_THE_TOKEN = 'authentication.kubernetes.io/';

/**
 * The same person with another token of theirs: groups may have changed, and service accounts get new tokens every
 * hour. Whatever else limits a token tells them apart.
 */
export function samePersonKey({ user, uid, extra }: Caller): string {
  return JSON.stringify([user, uid, sortedExtra(extra).filter(([key]) => !key.startsWith(ABOUT_THE_TOKEN))]);
}

function sortedExtra(extra: Caller['extra']): [string, readonly string[]][] {
  return Object.entries(extra)
    .map(([key, values]): [string, readonly string[]] => [key, values.toSorted()])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
