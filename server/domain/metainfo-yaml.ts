import { parse } from 'yaml';
import type { JsonValue } from './json.ts';

/** Ten times what large charts describe; reading YAML takes the server about 1.5 s a megabyte. */
const LARGEST = 64 * 1024;
/** The reader compares each key with all others of its mapping. */
const LARGEST_COMPARED = 8 * 1024;
/** One is read for what it says and for what is wrong with it, often right after each other. */
const REMEMBERED = 8;

const documents = new Map<string, JsonValue>();

/** A metainfo.yaml as a document, not to be changed. @throws Error why it cannot be read, for more than 64 KiB too */
export function parseMetainfoYaml(text: string): JsonValue {
  const known = documents.get(text);
  if (known !== undefined) {
    return known;
  }
  if (text.length > LARGEST) {
    throw new Error(`it is larger than ${LARGEST} bytes`);
  }
  const document = (parse(text, { uniqueKeys: text.length <= LARGEST_COMPARED }) ?? null) as JsonValue;
  documents.set(text, document);
  const [oldest] = documents.keys();
  if (documents.size > REMEMBERED && oldest !== undefined) {
    documents.delete(oldest);
  }
  return document;
}
