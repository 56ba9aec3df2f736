import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

declare global {
  interface JSON {
    /** A value that `JSON.stringify` writes as this text, which has to be JSON of a primitive. */
    rawJSON(text: string): object;
  }
}

/** What JSON calls a number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * An object to be written as JSON and for nothing else: the texts at these paths, which stand for numbers that a double
 * cannot hold, are written as numbers, with all their digits. What is no such text any more (masked, for example)
 * stays as it is.
 */
export function withExactNumbers(object: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  return paths.reduce((exact: JsonValue, path) => withNumber(exact, path), object) as JsonObject;
}

function withNumber(value: JsonValue, [key, ...rest]: readonly string[]): JsonValue {
  if (key === undefined) {
    // It is not read as a value again: see above.
    return typeof value === 'string' && NUMBER.test(value) ? (JSON.rawJSON(value) as unknown as JsonValue) : value;
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) => (String(index) === key ? withNumber(entry, rest) : entry));
  }
  return isJsonObject(value) && Object.hasOwn(value, key)
    ? Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [name, name === key ? withNumber(entry, rest) : entry]),
      )
    : value;
}
