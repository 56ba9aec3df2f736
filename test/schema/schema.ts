import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { configurationText } from './configuration.ts';
import { startSeededServer } from './seeded-server.ts';

/**
 * Tests the API of a seeded server against its own OpenAPI document with schemathesis: requests that match the document
 * and requests that do not, from a fixed seed (SEED). Fails on any 5xx answer (except 504, a wait that ended before its
 * task), and on any status, content type, header or body that the document does not describe. `node
 * test/schema/schema.ts [SECONDS [OPTION OF SCHEMATHESIS…]]`.
 */
const PROGRAM = fileURLToPath(new URL('../../.cache/schemathesis/bin/schemathesis', import.meta.url));
const HOOKS = fileURLToPath(new URL('hooks.py', import.meta.url));
const [seconds = '120', ...more] = process.argv.slice(2);
const seed = process.env['SEED'] || '20';
/** Requests that the server may finish after the time is over. */
const REQUEST_SECONDS = 120;

const folder = mkdtempSync(join(tmpdir(), 'walm-schema-'));
const seeded = await startSeededServer();
try {
  writeFileSync(join(folder, 'schemathesis.toml'), configurationText(seeded.names, HOOKS));
  const args = ['--config-file', join(folder, 'schemathesis.toml'), 'run', `${seeded.server.url}/api/v1/openapi.json`];
  // One worker: with two, Python's parser (3.11) loses count of its depth between threads now and then, and the run ends in a
  // SystemError of its own ("AST constructor recursion depth mismatch").
  const how = ['--seed', seed, '--max-time', seconds, '--request-timeout', `${REQUEST_SECONDS}`, '--workers', '1'];
  const child = spawn(PROGRAM, [...args, ...how, ...more], { stdio: 'inherit', cwd: folder });
  const [code] = (await once(child, 'close')) as [number | null];
  process.exitCode = code ?? 1;
  const errors = seeded.server
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"') || line.includes('"level":"fatal"'));
  for (const line of errors.slice(0, 20)) console.log(`log of the server: ${line.slice(0, 1000)}`);
} finally {
  await seeded.stop();
  rmSync(folder, { recursive: true });
}
