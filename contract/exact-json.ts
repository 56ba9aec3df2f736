import type { JsonValue } from './schemas/json.ts';

/**
 * A JSON value as the client hands it over: whole numbers that a double cannot count with (beyond 2^53 - 1) are bigints,
 * with all their digits.
 */
export type ExactValue = null | boolean | number | bigint | string | ExactValue[] | ExactObject;

/** A JSON object whose large whole numbers are bigints. */
export interface ExactObject {
  [key: string]: ExactValue;
}

/** What a parsed answer of type T is: where it may contain any JSON value, its large whole numbers are bigints. */
export type Exact<T> = [JsonValue] extends [T] ? ExactValue : ExactPart<T>;

/** Distributes over unions, such as an object or null. */
type ExactPart<T> =
  T extends ReadableStream<unknown>
    ? T
    : T extends readonly (infer Item)[]
      ? Exact<Item>[]
      : T extends object
        ? { [Key in keyof T]: Exact<T[Key]> }
        : T;

/** A number that may be too large for a double has at least so many digits. */
const WIDE = /\d{16}/;
const WIDE_DIGITS = /\d{16,}/g;
const WHOLE = /^-?[1-9]\d*$/;
/** From the private use area of Unicode, and how an escape of JSON writes it. */
const MARK = '\ue000';
const MARKS = /\ue000|\\u[eE]000/g;

/**
 * Parses JSON like `JSON.parse`, but whole numbers beyond 2^53 - 1 become bigints. Text without such numbers costs
 * hardly more than `JSON.parse`. It needs no reviver with access to the source, which Node 20 and older browsers lack.
 * @throws SyntaxError if the text is not JSON
 */
export function parseExact(text: string): unknown {
  if (!WIDE.test(text)) {
    return JSON.parse(text);
  }
  // No string of the text contains as many marks as this one.
  const mark = MARK.repeat((text.match(MARKS)?.length ?? 0) + 1);
  const pieces: string[] = [];
  let copied = 0;
  for (const [start, end] of largeNumbers(text)) {
    pieces.push(text.slice(copied, start), `"${mark}${text.slice(start, end)}"`);
    copied = end;
  }
  if (copied === 0) {
    return JSON.parse(text);
  }
  return withBigNumbers(JSON.parse(pieces.join('') + text.slice(copied)), mark);
}

/** Where whole numbers stand that a double cannot count with; strings are skipped. */
function* largeNumbers(text: string): Generator<readonly [number, number]> {
  WIDE_DIGITS.lastIndex = 0;
  const wide = new RegExp(WIDE_DIGITS);
  let found = wide.exec(text);
  let outside = 0;
  while (found !== null) {
    const quote = text.indexOf('"', outside);
    const end = quote < 0 ? text.length : quote;
    while (found !== null && found.index < end) {
      if (found.index >= outside) {
        const token = tokenAt(text, found.index);
        const digits = text.slice(...token);
        if (WHOLE.test(digits) && !Number.isSafeInteger(Number(digits))) {
          yield token;
        }
      }
      found = wide.exec(text);
    }
    if (quote < 0) {
      return;
    }
    outside = endOfString(text, quote);
  }
}

/** The whole token around an index: a fraction and an exponent belong to a number too. */
function tokenAt(text: string, index: number): readonly [number, number] {
  const isPart = (at: number) => at >= 0 && at < text.length && /[-+.\deE]/.test(text.charAt(at));
  let start = index;
  let end = index;
  while (isPart(start - 1)) {
    start -= 1;
  }
  while (isPart(end)) {
    end += 1;
  }
  return [start, end];
}

/** The index after a string that begins at `quote`; the end of the text if it does not end. */
function endOfString(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') {
      escapes += 1;
    }
    if (escapes % 2 === 0) {
      return end + 1;
    }
  }
  return text.length;
}

/** Replaces marked strings in place; without recursion, because an answer may nest deeply. */
function withBigNumbers(value: unknown, mark: string): unknown {
  const root = { value };
  const rest: Record<string, unknown>[] = [root];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const [key, entry] of Object.entries(next)) {
      if (typeof entry === 'string' && entry.startsWith(mark)) {
        next[key] = BigInt(entry.slice(mark.length));
      } else if (typeof entry === 'object' && entry !== null) {
        // Arrays are objects whose keys are indexes.
        rest.push(entry as Record<string, unknown>);
      }
    }
  }
  return root.value;
}

/** Writes JSON like `JSON.stringify`, bigints as numbers with all their digits. @returns undefined for undefined */
export function stringifyExact(value: unknown): string | undefined {
  let marks = 1;
  let isExact = false;
  const write = (mark: string) =>
    JSON.stringify(value, (_, entry: unknown) => {
      if (typeof entry === 'bigint') {
        isExact = true;
        return `${mark}${entry}`;
      }
      return entry;
    }) as string | undefined;
  const first = write(MARK);
  if (first === undefined || !isExact) {
    return first;
  }
  marks += first.match(MARKS)?.length ?? 0;
  const mark = MARK.repeat(marks);
  return write(mark)?.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}
