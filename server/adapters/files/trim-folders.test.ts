import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trimFolder } from './trim-folders.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'walm-trim-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file of ten bytes that was last used this many minutes ago. */
function file(name: string, minutesAgo: number): void {
  writeFileSync(join(folder, name), '0123456789');
  const used = new Date(NOW - minutesAgo * 60_000);
  utimesSync(join(folder, name), used, used);
}

const trim = (maxBytes: number) => trimFolder({ path: folder, maxBytes, restMs: 10 * 60_000 }, NOW);

describe('a folder that is trimmed', () => {
  test('loses what was used least recently, and no more than it must', async () => {
    file('old', 60);
    file('older', 120);
    file('recent', 20);
    expect(await trim(20)).toBe(1);
    expect(readdirSync(folder).toSorted()).toEqual(['old', 'recent']);
    expect(await trim(20)).toBe(0);
  });

  test('keeps what was used a moment ago, however large it is', async () => {
    file('old', 11);
    file('in-use', 9);
    file('also-in-use', 0);
    expect(await trim(0)).toBe(1);
    expect(readdirSync(folder).toSorted()).toEqual(['also-in-use', 'in-use']);
  });

  test('counts what lies in folders below it', async () => {
    mkdirSync(join(folder, 'engine'));
    file('engine/answer', 30);
    expect(await trim(0)).toBe(1);
    expect(readdirSync(join(folder, 'engine'))).toEqual([]);
  });
});
