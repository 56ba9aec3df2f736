import { UsageError } from '../errors/failures.ts';
import { isRecord, type JsonObject } from './json-object.ts';

/** The largest file that is read: values and requests are far smaller. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
const MAX_ALIASES = 1000;

/**
 * Reads a file of one object in YAML or JSON. Whole numbers keep all their digits.
 * @throws UsageError with file, line and column
 */
export async function readObject(text: string, path: string): Promise<JsonObject> {
  const [first = {}, ...more] = await readObjects(text, path);
  if (more.length > 0) throw new UsageError(`${path} holds ${more.length + 1} documents: this command takes one`);
  return first;
}

/**
 * Reads a file of objects, one in each document; documents without content are none.
 * @throws UsageError with file, line and column
 */
export async function readObjects(text: string, path: string): Promise<JsonObject[]> {
  if (text.length > MAX_CHARACTERS) throw new UsageError(`${path} is larger than ${MAX_CHARACTERS} characters`);
  const { parseAllDocuments } = await import('../system/yaml-library.ts');
  const documents = parseAllDocuments(text, { intAsBigInt: true, merge: true });
  const objects: JsonObject[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`${path}: ${error.message.split('\n')[0] ?? ''}`);
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (failure) {
      throw new UsageError(`${path}: ${failure instanceof Error ? failure.message : ''}`);
    }
    if (value === null || value === undefined) continue;
    const plain = withNumbers(value);
    if (!isRecord(plain)) throw new UsageError(`${path} holds no object: it begins with KEY: VALUE`);
    objects.push(plain);
  }
  return objects;
}

/** Makes numbers of the bigints that a number can hold. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isRecord(value)) return value;
  const copy: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: withNumbers(entry),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return copy;
}
