import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chartFolderConformance } from '../../ports/helm/chart-folder.conformance.ts';
import { createChartFolder } from './chart-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'walm-chart-folder-'));
afterAll(() => rmSync(parent, { recursive: true }));
let opened = 0;

chartFolderConformance('files', () => {
  opened += 1;
  return createChartFolder(join(parent, String(opened), 'charts'));
});

test('a digest that is none leads to no file outside of the folder', async () => {
  const at = join(parent, 'beside');
  mkdirSync(at);
  const file = join(at, 'foreign.tgz');
  writeFileSync(file, 'not for you');
  utimesSync(file, 1, 1);
  const folder = createChartFolder(join(at, 'charts'));
  await folder.write('a'.repeat(64), Buffer.from('an archive'));
  for (const digest of ['../foreign', join(at, 'foreign'), `${'a'.repeat(64)}/../../foreign`, '', 'A'.repeat(64)]) {
    expect(await folder.has(digest)).toBe(false);
    expect(await folder.read(digest)).toBeNull();
    await folder.remove(digest);
    await expect(folder.write(digest, Buffer.from('mine'))).rejects.toThrow('no archive has the digest');
  }
  expect([existsSync(file), statSync(file).mtimeMs]).toEqual([true, 1_000]);
});

test('an archive that breaks off leaves nothing, however early that is', async () => {
  const at = join(parent, 'broken');
  const folder = createChartFolder(at);
  const broken = Array.from({ length: 300 }, async (_, i) => {
    const bytes = async function* () {
      for (let piece = 0; piece < i % 3; piece++) yield Buffer.alloc(10);
      throw new Error('the client is gone');
    };
    await expect(folder.receive(bytes())).rejects.toThrow('the client is gone');
  });
  await Promise.all(broken);
  expect(readdirSync(at)).toEqual([]);
});
