import { expect, test } from 'vitest';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { idleRemovals } from './idle-removals.ts';
import { parseMetainfo } from '../metainfo/metainfo.ts';
import { NEW_RELEASE } from './release-request.ts';

const metainfo = parseMetainfo('outputs: {size: "values:size"}\ndependencies: [{name: zookeeper}]');

const recorded = {
  ...NEW_RELEASE,
  configValues: { a: 1 },
  releaseLabels: { team: 'red' },
  labels: { team: 'red', shipped: 'yes' },
  dependencies: { store: 'db' },
  outputs: { address: 'service:web.address' },
  strategy: { type: 'Recreate' },
};

test.each<[string, ReleaseRequest, string[]]>([
  ['a value', { unset: ['a', 'b.c'] }, ['VALUE_NOT_SET /unset/1']],
  ['a label', { releaseLabels: { team: '', shipped: '', 'a/b': '', new: 'x' } }, ['LABEL_NOT_SET /releaseLabels/a~1b']],
  ['a dependency', { dependencies: { store: '', zzz: '' } }, ['DEPENDENCY_NOT_SET /dependencies/zzz']],
  [
    'an output',
    { outputs: { address: '', size: '', ZZ: '' } },
    ['OUTPUT_NOT_SET /outputs/size', 'OUTPUT_NOT_SET /outputs/ZZ'],
  ],
  ['a strategy that is there', { strategy: {} }, []],
  ['a key that every object has', { dependencies: { toString: '' } }, ['DEPENDENCY_NOT_SET /dependencies/toString']],
])('removing %s that is not there is a warning', (_, request, expected) => {
  const warnings = idleRemovals(request, recorded, metainfo);
  expect(warnings.map(({ code, path }) => `${code} ${path ?? ''}`)).toEqual(expected);
});

test('a new release has nothing to remove', () => {
  const request = { releaseLabels: { a: '' }, dependencies: { b: '' }, outputs: { c: '' }, strategy: {} };
  expect(idleRemovals(request, NEW_RELEASE, metainfo).map(({ code }) => code)).toEqual([
    'LABEL_NOT_SET',
    'DEPENDENCY_NOT_SET',
    'OUTPUT_NOT_SET',
    'STRATEGY_NOT_SET',
  ]);
});

test('an output of the chart stays, and the warning says so', () => {
  expect(idleRemovals({ outputs: { size: '' } }, recorded, metainfo)[0]?.message).toContain('stays');
});

test('a member of a project may refuse to be connected', () => {
  const request = { dependencies: { zookeeper: '', other: '' } };
  const codes = (project: string) => idleRemovals(request, { ...recorded, project }, metainfo).map(({ path }) => path);
  expect(codes('')).toEqual(['/dependencies/zookeeper', '/dependencies/other']);
  expect(codes('shop')).toEqual(['/dependencies/other']);
});
