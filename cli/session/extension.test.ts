import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { findExtension, runExtension } from './extension.ts';

function folderWith(name: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'walmctl-extension-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, name);
  writeFileSync(program, '#!/bin/sh\nexit "$1"\n');
  chmodSync(program, mode);
  return folder;
}

test('a program on the PATH stands for an unknown command, and its exit code is passed on', async () => {
  const folder = folderWith('walmctl-hello', 0o755);
  const found = findExtension('hello', { PATH: `relative:/nowhere:${folder}` });
  expect(found).toBe(join(folder, 'walmctl-hello'));
  expect(await runExtension(found ?? '', ['7'])).toBe(7);
});

test('a file that cannot be executed, or another word than a name, runs nothing', () => {
  const folder = folderWith('walmctl-hello', 0o644);
  for (const command of ['hello', '../hello', '', 'other', '-x']) {
    expect(findExtension(command, { PATH: folder })).toBeUndefined();
  }
  expect(findExtension('hello', {})).toBeUndefined();
});
