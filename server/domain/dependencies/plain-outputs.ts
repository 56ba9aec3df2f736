import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';

/** Characters that mean nothing in YAML, wherever a template writes them: no line, entry, key or comment begins or ends. */
const PLAIN = /^[\w./@,=+~%:-]*$/;
const NOT_PLAIN = /[^\w./@,=+~%:-]/g;

/**
 * The outputs with harmless texts instead of those in which a template could take a part for more than text, in keys
 * too: each character that YAML could mean something by is replaced by the letter, and the letter is added. Plain texts,
 * numbers and the structure stay as they are.
 */
export function plainOutputs(outputs: JsonObject, letter: string): JsonObject {
  const plainText = (text: string) => (PLAIN.test(text) ? text : `${letter}${text.replaceAll(NOT_PLAIN, letter)}`);
  const plain = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') {
      return plainText(value);
    }
    if (Array.isArray(value)) {
      return value.map(plain);
    }
    return isJsonObject(value) ? plainOutputs(value, letter) : value;
  };
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [plainText(key), plain(value)]));
}
