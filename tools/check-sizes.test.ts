import { expect, test } from 'vitest';

import { checkSizes } from './check-sizes.ts';

const lines = (count: number): string => 'x\n'.repeat(count);

test('a short file with a telling name passes', () => {
  expect(checkSizes([{ path: 'server/domain/values.ts', text: lines(80) }])).toEqual({
    refused: [],
    smells: [],
    medianLines: 80,
  });
});

test('more than 300 lines smell, more than 500 are refused', () => {
  const report = checkSizes([
    { path: 'server/long.ts', text: lines(301) },
    { path: 'engine/longer.go', text: lines(501) },
    { path: 'engine/edge.go', text: lines(500) },
  ]);
  expect(report.smells).toEqual(['server/long.ts: 301 lines', 'engine/edge.go: 500 lines']);
  expect(report.refused).toEqual(['engine/longer.go: 501 lines, at most 500: split it by idea']);
});

test('120 lines of wiring pass, one more is refused; tests of it may be longer', () => {
  const report = checkSizes([
    { path: 'server/composition/app.ts', text: lines(120) },
    { path: 'server/composition/releases/tasks.ts', text: lines(121) },
    { path: 'server/composition/wrappers/gate.test.ts', text: lines(200) },
  ]);
  expect(report.refused).toEqual([
    'server/composition/releases/tasks.ts: 121 lines of wiring, at most 120: give each area its own file',
  ]);
});

test.each(['server/index.ts', 'engine/utils.go', 'server/types.test.ts', 'cli/helpers.ts', 'common.ts'])(
  '%s is refused for its name',
  (path) => {
    expect(checkSizes([{ path, text: 'x\n' }]).refused).toEqual([
      `${path}: the name does not say what the file is about`,
    ]);
  },
);

test('tests do not count for the median', () => {
  const report = checkSizes([
    { path: 'server/a.ts', text: lines(10) },
    { path: 'server/a.test.ts', text: lines(200) },
    { path: 'server/b.test.ts', text: lines(200) },
  ]);
  expect(report.medianLines).toBe(10);
});

const folder = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `${name}/file-${index}.ts`, text: 'x\n' }));

test('a folder with 25 production files passes, one more is refused', () => {
  expect(checkSizes(folder('server/domain/kube', 25)).refused).toEqual([]);
  expect(checkSizes(folder('server/domain/kube', 26)).refused).toEqual([
    'server/domain/kube: 26 production files, at most 25: give it rooms',
  ]);
});

test('tests and the files of folders below do not fill a folder', () => {
  const tests = ['test', 'kube.test', 'conformance'].map((kind) => ({
    path: `server/domain/kube/file.${kind}.ts`,
    text: 'x\n',
  }));
  const below = folder('server/domain/kube/more', 20);
  expect(checkSizes([...folder('server/domain/kube', 25), ...tests, ...below]).refused).toEqual([]);
});
