import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createAuditFile } from '../../adapters/files/audit-file.ts';
import { createAuditLog } from './audit-log.ts';
import type { AuditEntry } from '../../ports/runtime/audit-log.ts';

const entry: AuditEntry = {
  event: 'task',
  who: 'ann',
  what: 'install',
  result: 'succeeded',
  requestId: 'r',
  durationMs: 5,
};
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'walm-audit-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('writes changes to the log at any level, and to a file of its own', () => {
  const written: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => written.push(line) });
  const file = join(folder, 'audit.log');
  const audit = createAuditLog(log, createAuditFile(file), createManualClock(0));
  audit.write(entry);
  audit.write({ ...entry, result: 'failed', code: 'CHART_NOT_FOUND' });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: '1970-01-01T00:00:00.000Z', ...entry },
    { time: '1970-01-01T00:00:00.000Z', ...entry, result: 'failed', code: 'CHART_NOT_FOUND' },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(written.map((line) => (JSON.parse(line) as { audit: unknown }).audit)).toMatchObject([
    entry,
    { code: 'CHART_NOT_FOUND' },
  ]);
});

it('refuses a file that cannot be written', () => {
  expect(() => createAuditFile(join(folder, 'no', 'audit.log'))).toThrow('ENOENT');
});
