import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What a file imports at run time: type imports disappear. */
function imported(file: string): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?\sfrom '([^']+)';|^import '([^']+)';/gms);
  return [...statements].map(([, from, alone]) => from ?? alone ?? '');
}

it('is small: its own files, no package, nothing of the server, no schema', () => {
  const files = new Set(['./client.ts']);
  for (const file of files) {
    imported(file).forEach((other) => files.add(other));
  }
  expect([...files].toSorted()).toEqual([
    './api-error.ts',
    './backoff.ts',
    './call.ts',
    './client-options.ts',
    './client.ts',
    './event-reader.ts',
    './exact-json.ts',
    './follow-events.ts',
    './retry.ts',
    './route.ts',
    './routes.ts',
    './send-call.ts',
  ]);
});
