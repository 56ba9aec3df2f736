import { CORE_SCHEMA, load } from 'js-yaml';
import { parse } from 'yaml';
import type { JsonValue } from '../json/json.ts';

/** Ten times what large charts need. */
const MAX_LENGTH = 64 * 1024;
/**
 * Larger files are parsed with a parser that is five times as fast (0.3 s per megabyte), without aliases, which
 * multiply what is read, and without reports of duplicate keys.
 */
const MAX_SMALL_LENGTH = 8 * 1024;
const MAX_DEPTH = 64;
/** A file is parsed for its content and for its faults, often in succession. */
const REMEMBERED = 8;

const documents = new Map<string, JsonValue>();

/**
 * A metainfo.yaml as an immutable document.
 * @throws Error with the reason if it cannot be read, or is larger than 64 KiB
 */
export function parseMetainfoYaml(text: string): JsonValue {
  const known = documents.get(text);
  if (known !== undefined) {
    return known;
  }
  if (text.length > MAX_LENGTH) {
    throw new Error(`it is larger than ${MAX_LENGTH} bytes`);
  }
  const document = (read(text) ?? null) as JsonValue;
  documents.set(text, document);
  const [oldest] = documents.keys();
  if (documents.size > REMEMBERED && oldest !== undefined) {
    documents.delete(oldest);
  }
  return document;
}

function read(text: string): unknown {
  return text.length <= MAX_SMALL_LENGTH
    ? parse(text)
    : load(text, { schema: CORE_SCHEMA, json: true, maxAliases: 0, maxDepth: MAX_DEPTH });
}
