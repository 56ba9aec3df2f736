import { CORE_SCHEMA, load } from 'js-yaml';
import { parse } from 'yaml';
import type { JsonValue } from '../json/json.ts';

/** Ten times what large charts describe. */
const MAX_LENGTH = 64 * 1024;
/**
 * Larger ones are read by a reader that takes a fifth of the time (0.3 s a megabyte) and neither aliases, which multiply
 * what is read, nor notes on keys that are given twice.
 */
const MAX_SMALL_LENGTH = 8 * 1024;
const MAX_DEPTH = 64;
/** One is read for what it says and for what is wrong with it, often right after each other. */
const REMEMBERED = 8;

const documents = new Map<string, JsonValue>();

/** A metainfo.yaml as a document, not to be changed. @throws Error why it cannot be read, for more than 64 KiB too */
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
