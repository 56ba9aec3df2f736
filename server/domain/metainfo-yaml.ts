import { parse } from 'yaml';
import type { JsonValue } from './json.ts';

/** Much more than any chart describes; reading YAML takes the server about a second a megabyte. */
const LARGEST = 256 * 1024;
/** The reader compares each key with all others of its mapping. */
const LARGEST_COMPARED = 32 * 1024;

/** A metainfo.yaml as a document. @throws Error saying why it cannot be read, for one of more than 256 KiB too */
export function parseMetainfoYaml(text: string): JsonValue {
  if (text.length > LARGEST) {
    throw new Error(`it is larger than ${LARGEST} bytes`);
  }
  return (parse(text, { uniqueKeys: text.length <= LARGEST_COMPARED }) ?? null) as JsonValue;
}
