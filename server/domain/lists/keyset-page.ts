import { problem, type ProblemError } from '../errors/problem-error.ts';

/**
 * The place of an item in a list: texts that are compared one after the other. The last ones make it the only item at
 * that place.
 */
export type ListKey = readonly string[];

/** By what a list is ordered: `name`, or `-name` for the opposite direction. */
export type ListOrder = string;

/** What is asked of a list besides its items. */
export type PageQuery = {
  order: ListOrder;
  /** The filters of the list: a token of one list is none of another. */
  filters: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Maximum items of the page; 0 or absent: all. */
  limit?: number;
  /** Token of the page before. */
  continue?: string;
};

/** A page, and the token of the next one if there are more items. */
export type Page<Item> = { items: Item[]; continue?: string };

/** Tokens that Walm makes are much shorter; a longer one is refused unread. */
const MAX_TOKEN = 4_096;
/** Texts of a key are compared as far as this, so that a token holds all that is compared. */
const MAX_KEY = 253;
/** Changes with the format of tokens. */
const VERSION = '1';

/** A text as it stands in a key: what a tenant wrote may be long. */
export function keyText(text: string): string {
  return text.length <= MAX_KEY ? text : text.slice(0, MAX_KEY);
}

/** A time (RFC 3339) as a text in a key, whatever its zone and precision; an empty one comes first. */
export function timeKey(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? '' : String(Math.max(ms, 0)).padStart(16, '0');
}

/** Compares two places: the first text in the direction of the order, all others upwards. */
export function compareKeys(order: ListOrder): (a: ListKey, b: ListKey) => number {
  const direction = order.startsWith('-') ? -1 : 1;
  return (a, b) => {
    for (const [at, text] of a.entries()) {
      const other = b[at] ?? '';
      if (text !== other) {
        return (text < other ? -1 : 1) * (at === 0 ? direction : 1);
      }
    }
    return 0;
  };
}

/**
 * The page of a list that begins after the item that `continue` names, whether or not that one still exists: items that
 * are there all the time, with the same key, appear on exactly one page, whatever comes and goes between two pages.
 * @throws ProblemError QUERY_INVALID if `continue` is none of a list with this order and these filters
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => ListKey,
  { order, filters, limit = 0, continue: token }: PageQuery,
): Page<Item> {
  const compare = compareKeys(order);
  const digest = digestOf(filters);
  const after = token === undefined ? undefined : readToken(token, order, digest);
  const rest = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || compare(key, after) > 0)
    .toSorted((a, b) => compare(a.key, b.key));
  const page = limit === 0 ? rest : rest.slice(0, limit);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return {
    items: page.map(({ item }) => item),
    ...(last !== undefined && { continue: writeToken(order, digest, last.key) }),
  };
}

/** The token of the page that begins behind an item, where the one that ends with it has no room for more. */
export function tokenBehind(key: ListKey, { order, filters }: PageQuery): string {
  return writeToken(order, digestOf(filters), key);
}

/** Checks a token before the list is made. @throws ProblemError QUERY_INVALID */
export function checkToken({ order, filters, continue: token }: PageQuery): void {
  if (token !== undefined) {
    readToken(token, order, digestOf(filters));
  }
}

function writeToken(order: ListOrder, digest: string, key: ListKey): string {
  return Buffer.from(JSON.stringify([VERSION, order, digest, ...key])).toString('base64url');
}

/** The key in a token. A token is not a secret and grants nothing: it names a place in a list that is filtered as always. */
function readToken(token: string, order: ListOrder, digest: string): ListKey {
  const parts = token.length > MAX_TOKEN ? null : partsOf(token);
  if (parts === null) {
    throw refused('is not a value that a list returned');
  }
  const [, ownOrder, ownDigest, ...key] = parts;
  if (ownOrder !== order || ownDigest !== digest) {
    throw refused('belongs to a list with other filters or another order: begin again without it');
  }
  return key;
}

function partsOf(token: string): string[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const isToken = Array.isArray(parts) && parts.length > 3 && parts.length <= 8 && parts[0] === VERSION;
    return isToken && parts.every((part) => typeof part === 'string') ? parts : null;
  } catch {
    return null;
  }
}

function digestOf(filters: PageQuery['filters']): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(given.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return [0x811c9dc5, 0x9e3779b1].map((seed) => fnv(text, seed).toString(36)).join('');
}

/** FNV-1a: a caller who finds two lists with one digest only confuses their own pages. */
function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

function refused(reason: string): ProblemError {
  return problem('QUERY_INVALID', `continue ${reason}`, { parameter: 'continue' });
}
