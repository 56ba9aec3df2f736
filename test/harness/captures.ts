import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '../../server/domain/json/json.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/reference/captures/', import.meta.url));

/**
 * The body that the original Walm returned in a recorded exchange; undefined if the recordings are not on this machine.
 */
export function capturedAnswer(name: string): JsonValue | undefined {
  const path = `${FOLDER}${name}.json`;
  if (!existsSync(path)) return undefined;
  const { response } = JSON.parse(readFileSync(path, 'utf8')) as { response: { body: JsonValue } };
  return response.body;
}
