import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { ROOT, sourcePaths } from './source-files.ts';

type Layer = { base: string; floors: string[][] };

// The import path is computed, because the file is JavaScript and has no types.
const { LAYERS } = (await import(`${ROOT}imports.config.mjs`)) as { LAYERS: Layer[] };
const rooms = LAYERS.flatMap(({ base, floors }) => floors.flat().map((room) => ({ base, room })));

const architecture = readFileSync(`${ROOT}docs/architecture.md`, 'utf8');
const page = architecture.split('\n## The rooms\n')[1]?.split('\n## ')[0] ?? '';
const rows = page.split('\n').filter((line) => line.startsWith('| '));

function codeIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

test('every room on a floor is a folder', () => {
  expect(rooms.filter(({ base, room }) => !existsSync(`${ROOT}${base}/${room}`))).toEqual([]);
});

test('docs/architecture.md describes every room of a layer', () => {
  function isTold({ base, room }: { base: string; room: string }): boolean {
    if (room === '.' || base === 'server') return true;
    if (base === 'server/domain') return rows.some((row) => row.startsWith(`| \`${room}\` | `));
    const layer = rows.find((row) => row.startsWith(`| \`${base}/\` | `));
    return codeIn(layer).includes(room.split('/').at(-1) ?? '');
  }
  expect(rooms.length).toBeGreaterThan(50);
  expect(rooms.filter((room) => !isTold(room))).toEqual([]);
});

test('the files that it says to start with are in the rooms that it names', () => {
  const table = page.split('\n| question | room | start with |\n| --- | --- | --- |\n')[1]?.split('\n\n')[0] ?? '';
  const asked = table.split('\n').map((row) => row.split('|'));
  expect(asked.length).toBeGreaterThan(5);
  const paths = sourcePaths();
  const missing = asked.flatMap(([, , places, files]) =>
    codeIn(files).filter(
      (file) => !codeIn(places).some((room) => paths.some((path) => `/${path}`.endsWith(`/${room}/${file}`))),
    ),
  );
  expect(missing).toEqual([]);
});
