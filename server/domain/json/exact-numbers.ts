import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

declare global {
  interface JSON {
    /** A value that `JSON.stringify` writes as this text, which has to be a JSON primitive. */
    rawJSON(text: string): object;
  }
}

/** A JSON number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * An object only for serialisation: the strings at these paths, which stand for numbers that a double cannot hold, are
 * written as numbers, with all their digits. Other strings (masked ones, for example) stay.
 */
export function withExactNumbers(object: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  return paths.reduce((exact: JsonValue, path) => withNumber(exact, path), object) as JsonObject;
}

function withNumber(value: JsonValue, [key, ...rest]: readonly string[]): JsonValue {
  if (key === undefined) {
    // The result is never used as a value, see above.
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
