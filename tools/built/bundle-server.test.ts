import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { helpText } from '../../server/config/config-help.ts';
import { packServer } from '../pack-server.ts';
import { type BundledFile, bundleServer } from './bundle-server.ts';

let files: BundledFile[] = [];
const folder = mkdtempSync(join(tmpdir(), 'walm-bundle-'));

beforeAll(async () => {
  files = await bundleServer();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files that are read when a file is: it, and what it imports other than dynamically. */
function readWith(name: string, known = new Set<string>()): Set<string> {
  if (known.has(name)) return known;
  known.add(name);
  const { content = '' } = files.find((file) => file.name === name) ?? {};
  for (const [, other = ''] of content.matchAll(/^(?:import|export)\b[^;]*?"\.\/([^"]+)";$/gm)) readWith(other, known);
  return known;
}

function textOf(names: Iterable<string>): string {
  return [...names].map((name) => files.find((file) => file.name === name)?.content).join('\n');
}

function chunkWith(text: string): string {
  const found = files.find(({ name, content }) => name.endsWith('.mjs') && content.includes(text));
  if (found === undefined) throw new Error(`no file of the bundle contains ${text}`);
  return found.name;
}

test('twice the same sources are the same bytes', async () => {
  expect(await bundleServer()).toEqual(files);
});

test('what is not configured is in files of its own, which nothing reads before it is needed', () => {
  const read = textOf(readWith(chunkWith('async function compose(')));
  expect(read).toContain('createHttpServer');
  for (const left of ['function createKafkaEventBus(', 'function createRedisSharedCache(', 'swagger-ui-bundle.js']) {
    expect([left, read.includes(left)]).toEqual([left, false]);
    expect(chunkWith(left)).toBeDefined();
  }
});

test('help and version read nothing of the server itself', async () => {
  expect(textOf(readWith('walm.mjs'))).not.toContain('async function compose(');
  const { program } = await packServer(join(folder, 'server'));
  const run = (flag: string) => execFileSync(process.execPath, [program, flag], { encoding: 'utf8' });
  expect(run('--help')).toBe(helpText());
  expect(run('--version')).toMatch(/^walm \d+\.\d+\.\d+\n$/);
});
