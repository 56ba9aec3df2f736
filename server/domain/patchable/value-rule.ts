import type { JsonObject, JsonValue } from '../json/json.ts';
import { isJsonObject } from '../json/json.ts';
import { asArray } from '../json/json-reading.ts';
import { sortedJson } from '../json/sorted-json.ts';

/** A position in an object: its path, in which steps into lists are indexes. */
export type Place = { root: JsonObject; path: readonly (string | number)[] };

/** Both sides of a changed position, and the domains that the operator declared harmless. */
export type Change = { before: Place; after: Place; metadataDomains: readonly string[] };

/** The allowed changes of a value. */
export type ValueRule = {
  /** What is allowed, in words. */
  says: string;
  /** Whether the value may change like this; undefined is absent. */
  allows: (before: JsonValue | undefined, after: JsonValue | undefined, change: Change) => boolean;
};

/** A rule about the new value only; the old one may also be removed. */
function valueOf(says: string, allows: (after: JsonValue) => boolean): ValueRule {
  return { says, allows: (_, after) => after === undefined || allows(after) };
}

const isText = (value: JsonValue): boolean => typeof value === 'string';
const isWhole = (value: JsonValue): boolean => Number.isInteger(value) && Number(value) >= 0;

export const text = valueOf('a text', isText);
/** Proxies write it into their configuration verbatim. */
export const requestPath = valueOf(
  'a text of ASCII that begins with `/`, without blanks, quotes, braces, `;`, `#`, `<`, `>` and backslashes',
  (value) => typeof value === 'string' && /^\/[A-Za-z0-9\-._~%:@!$&()*+,=|?^[\]/]*$/.test(value),
);
export const texts = valueOf('a list of texts', (value) => Array.isArray(value) && value.every(isText));
export const flag = valueOf('true or false', (value) => typeof value === 'boolean');
export const whole = valueOf('a whole number from 0', isWhole);
export const wholeOrText = valueOf('a whole number from 0 or a text', (value) => isWhole(value) || isText(value));
export const quantity = valueOf('a quantity', (value) => isText(value) || (typeof value === 'number' && value >= 0));
/** For fields whose every content is harmless. */
export const anything = valueOf('anything', () => true);

/** One of several strings. */
export function oneOf(...values: readonly string[]): ValueRule {
  return valueOf(values.map((value) => `\`${value}\``).join(', '), (value) => values.some((each) => each === value));
}

/** Can only become the strict value, and then stays so. */
export function only(strict: boolean | string): ValueRule {
  return { says: `only \`${strict}\``, allows: (_, after) => after === strict };
}

/** Is added and removed together with the list entry that it names. */
export const withItsEntry: ValueRule = {
  says: 'a text; of an entry that is there it cannot change',
  allows: (before, after) => (before === undefined || after === undefined) && isText(before ?? after ?? null),
};

/** Can be present in a new entry; such entries stay. */
export const ofNewEntry: ValueRule = {
  says: 'a text, of an entry that is new; none can be renamed or removed',
  allows: (before, after) => before === undefined && isText(after ?? null),
};

/** Can be removed. */
export const onlyRemoved: ValueRule = { says: 'can only be removed', allows: (_, after) => after === undefined };

/** A list of strings that can only grow. */
export const growing: ValueRule = {
  says: 'a list of texts that nothing is taken from',
  allows: (before, after) => areTexts(after) && asArray(before).every((each) => asArray(after).includes(each)),
};

/** A list of strings that can only shrink. */
export const shrinking: ValueRule = {
  says: 'a list of texts that nothing is added to',
  allows: (before, after) =>
    asArray(after).every((each) => asArray(before).some((one) => sortedJson(one) === sortedJson(each))),
};

function areTexts(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every(isText);
}

/** The value `up` steps above a position. */
export function above({ root, path }: Place, up: number): JsonObject {
  let at: JsonValue | undefined = root;
  for (const step of path.slice(0, path.length - up)) {
    at = Array.isArray(at) ? at[Number(step)] : isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return isJsonObject(at) ? at : {};
}
