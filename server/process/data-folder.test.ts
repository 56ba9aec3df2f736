import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readCommandLine } from '../config/config.ts';
import { openDataFolder } from './data-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'walm-data-'));
afterAll(() => rmSync(parent, { recursive: true }));

function configFor(name: string) {
  const command = readCommandLine([`--data-dir=${join(parent, name)}`, `--spill-dir=${parent}`], {});
  if (command.kind !== 'run') {
    throw new Error(command.kind);
  }
  return command.config;
}

it('keeps its identity over restarts and its folders private', () => {
  const first = openDataFolder(configFor('a'));
  expect(statSync(first.chartFolder).mode & 0o777).toBe(0o700);
  expect(statSync(first.spillFolder).mode & 0o777).toBe(0o700);
  first.close();
  const second = openDataFolder(configFor('a'));
  expect(second.instanceId).toBe(first.instanceId);
  second.close();
});

it('removes what a killed server left behind, but no chart', () => {
  const killed = openDataFolder(configFor('b'));
  writeFileSync(join(killed.chartFolder, 'upload-1.part'), '');
  writeFileSync(join(killed.chartFolder, `${'a'.repeat(64)}.tgz`), '');
  writeFileSync(join(killed.spillFolder, 'manifest'), '');
  const next = openDataFolder(configFor('b'));
  expect(readdirSync(next.chartFolder)).toEqual([`${'a'.repeat(64)}.tgz`]);
  expect(readdirSync(next.spillFolder)).toEqual([]);
  next.close();
});

it('refuses a folder that cannot be made', () => {
  writeFileSync(join(parent, 'file'), '');
  expect(() => openDataFolder(configFor('file/x'))).toThrow('cannot make the folder');
});
