import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The methods of the engine that are sent without a pass: none of them changes the cluster. */
const READING = [
  'chart/check',
  'chart/fetch',
  'chart/inspect',
  'chart/lint',
  'objects/mergeKeys',
  'objects/resources',
  'release/compare',
  'release/foretellRemoval',
  'release/get',
  'release/getMany',
  'release/history',
  'release/list',
  'release/packChart',
  'release/render',
  'repository/index',
];

/** The methods that write: their requests need a pass of the gate. */
const WRITING = [
  'release/install',
  'release/removeFailedInstall',
  'release/rewrite',
  'release/settle',
  'release/test',
  'release/uninstall',
  'release/upgrade',
];

const source = readFileSync(new URL('helm-engine.ts', import.meta.url), 'utf8');

function methodsSentBy(functions: string): string[] {
  return [...source.matchAll(new RegExp(`\\b(${functions})\\(\\s*'([a-zA-Z/]+)'`, 'g'))]
    .map(([, , method = '']) => method)
    .toSorted();
}

test('every method of the engine is sent either as a read, or with a pass', () => {
  expect(methodsSentBy('ask|askTransforming')).toEqual(READING);
  expect(methodsSentBy('write|forRelease')).toEqual(WRITING);
});

test('the engine is asked in one place', () => {
  expect(source.match(/\bengine\.request\(/g)).toHaveLength(1);
});
