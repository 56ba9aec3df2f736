import { readFile } from 'node:fs/promises';
import { isJsonObject, type JsonValue } from '../../domain/json/json.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { readKeyRing } from '../../domain/seals/key-ring.ts';
import type { SealKeys } from '../../ports/storage/seal-keys.ts';

/**
 * Keys in a mounted file, JSON: `{"<id>": "<base64>"}`. The file is read again each time, so that keys can be added.
 */
export function createSealKeyFile(path: string): SealKeys {
  return {
    async read() {
      return readKeyRing(await entries(path), `the file ${path} (seal.keyFile)`);
    },
  };
}

async function entries(path: string) {
  const unreadable = (why: string) =>
    problem('SEAL_KEY_INVALID', `the seal keys in the file ${path} (seal.keyFile) cannot be used: ${why}`, {
      place: path,
    });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  try {
    const read = JSON.parse(text) as JsonValue;
    if (isJsonObject(read)) {
      return read;
    }
  } catch {
    // The parser's message would quote the contents of the file.
  }
  throw unreadable('it is not a JSON object of base64 texts by key id');
}
