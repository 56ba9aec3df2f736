import { UsageError } from '../errors/failures.ts';
import { isRecord } from './json-object.ts';

/** One value that is set: a path of keys and indexes, and what is there afterwards. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** How the text of a value is read. */
export type ValueReader = (text: string) => unknown;

const MAX_INDEX = 1000;
const MAX_DEPTH = 100;

/** helm's types: true, false, null and whole numbers without leading zeros; everything else is text. */
export function typedValue(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (!/^-?(0|[1-9]\d{0,18})$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/**
 * Reads helm's language of `--set`: `a.b=1,c[0].d=x,e={1,2}`, with `\` before a character that is meant as it is.
 * @throws UsageError for anything else; a missing value names --set-literal, because its cause is mostly a comma
 */
export function readSets(text: string, flag: string, read: ValueReader): Edit[] {
  const edits: Edit[] = [];
  const reader: Reader = { text, flag, at: 0 };
  while (reader.at < text.length) {
    const path = readPath(reader);
    edits.push({ path, value: readValue(reader, read) });
    if (reader.at < text.length) reader.at += 1;
  }
  if (edits.length === 0) throw new UsageError(`--${flag} needs PATH=VALUE`);
  return edits;
}

/** Reads `--set-literal PATH=TEXT` and the flags like it, where everything behind the first `=` is one value. */
export function readOne(text: string, flag: string, read: ValueReader): Edit {
  const reader: Reader = { text, flag, at: 0 };
  const path = readPath(reader);
  return { path, value: read(text.slice(reader.at)) };
}

interface Reader {
  readonly text: string;
  readonly flag: string;
  at: number;
}

/** Reads up to and with the `=`. */
function readPath(reader: Reader): (string | number)[] {
  const path: (string | number)[] = [];
  const { text, flag } = reader;
  for (;;) {
    const key = readKey(reader);
    path.push(checkedKey(key, reader, path));
    while (text[reader.at] === '[') path.push(readIndex(reader));
    const next = text[reader.at];
    if (path.length > MAX_DEPTH) throw new UsageError(`--${flag}: a path has at most ${MAX_DEPTH} keys`);
    reader.at += 1;
    if (next === '=') return path;
    if (next === '.') continue;
    throw new UsageError(`--${flag} ${text}: key ${JSON.stringify(String(path.at(-1) ?? ''))} has no value`, [
      'a comma separates values; write \\, for a literal comma,',
      `or: --set-literal ${shownPath(path)}=TEXT, which takes everything after the first =`,
    ]);
  }
}

function checkedKey(key: string, { flag, text }: Reader, before: readonly unknown[]): string {
  if (key === '')
    throw new UsageError(`--${flag} ${text}: a key is missing${before.length > 0 ? ' behind a dot' : ''}`);
  return key;
}

function shownPath(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

function readKey(reader: Reader): string {
  let key = '';
  for (; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at] ?? '';
    if (character === '\\' && reader.at + 1 < reader.text.length) {
      reader.at += 1;
      key += reader.text[reader.at] ?? '';
    } else if ('.=[,'.includes(character)) break;
    else key += character;
  }
  return key;
}

function readIndex(reader: Reader): number {
  const found = /^\[(\d{1,9})\]/.exec(reader.text.slice(reader.at));
  const index = Number(found?.[1] ?? Number.NaN);
  if (found === null || index > MAX_INDEX) {
    throw new UsageError(`--${reader.flag} ${reader.text}: an index is a number from 0 to ${MAX_INDEX}, such as a[0]`);
  }
  reader.at += found[0].length;
  return index;
}

/** Reads up to the comma behind the value. */
function readValue(reader: Reader, read: ValueReader): unknown {
  if (reader.text[reader.at] === '{') return readList(reader, read);
  return read(readText(reader, ','));
}

function readList(reader: Reader, read: ValueReader): unknown[] {
  const list: unknown[] = [];
  reader.at += 1;
  if (reader.text[reader.at] === '}') {
    reader.at += 1;
    return list;
  }
  for (;;) {
    list.push(reader.text[reader.at] === '{' ? readList(reader, read) : read(readText(reader, ',}')));
    const stop = reader.text[reader.at];
    if (stop === undefined) throw new UsageError(`--${reader.flag} ${reader.text}: a list must end with }`);
    reader.at += 1;
    if (stop === '}') return list;
  }
}

function readText(reader: Reader, stops: string): string {
  let text = '';
  for (; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at] ?? '';
    if (character === '\\' && reader.at + 1 < reader.text.length) {
      reader.at += 1;
      text += reader.text[reader.at] ?? '';
    } else if (stops.includes(character)) break;
    else text += character;
  }
  return text;
}

/** Sets a value in an object, in place; what is in the way is replaced, and gaps in lists are null. */
export function applyEdit(target: Record<string, unknown>, { path, value }: Edit): void {
  let present: unknown = target;
  for (const [depth, key] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (Array.isArray(present) && typeof key === 'number') {
      while (present.length < key) present.push(null);
      if (isLast) present[key] = value;
      else present[key] = opened(present[key], path[depth + 1]);
      present = present[key] as unknown;
    } else if (isRecord(present)) {
      const next = isLast ? value : opened(own(present, String(key)), path[depth + 1]);
      // As an ordinary assignment a key named __proto__ would be none.
      Object.defineProperty(present, String(key), {
        value: next,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      present = next;
    }
  }
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What is there, if the next key fits into it; otherwise a new list or object. */
function opened(there: unknown, next: string | number | undefined): unknown {
  if (typeof next === 'number') return Array.isArray(there) ? there : [];
  return isRecord(there) ? there : {};
}

/** The lists of which an edit sets single elements: the paths before its first index. */
export function editedLists(edits: readonly Edit[]): (readonly string[])[] {
  return edits.flatMap(({ path }) => {
    const index = path.findIndex((part) => typeof part === 'number');
    return index < 1 ? [] : [path.slice(0, index).map(String)];
  });
}
