import { expect, test } from 'vitest';

import { editableRelease, requestOfEdit } from './edited-release.ts';

const release = {
  name: 'web',
  configValues: { replicas: 1, image: { tag: 'a', pull: 'x' }, 'a.b': { c: 1 }, list: [1, 2] },
  dependencies: { db: 'pg', cache: 'redis' },
  releaseLabels: { team: 'data' },
  plugins: [
    { name: 'A', args: { n: 1 }, version: '1.0', disable: false },
    { name: 'B', args: {} },
  ],
  onFailure: 'none',
};
const before = editableRelease(release);

test('what was not edited makes no request', () => {
  expect(requestOfEdit(before, structuredClone(before))).toBeUndefined();
});

test('only what was changed or added is sent', () => {
  const after = structuredClone(before) as typeof release;
  after.configValues.image.tag = 'b';
  after.configValues.list = [1];
  after.releaseLabels = { team: 'web' };
  after.dependencies = { ...after.dependencies, queue: 'k' } as typeof after.dependencies;
  after.onFailure = 'hold';
  expect(requestOfEdit(before, after)).toEqual({
    configValues: { image: { tag: 'b' }, list: [1] },
    releaseLabels: { team: 'web' },
    dependencies: { queue: 'k' },
    onFailure: 'hold',
  });
});

test('what was deleted is deleted', () => {
  const after = {
    configValues: { replicas: 1, image: { tag: 'a' }, 'a.b': {}, list: [1, 2] },
    dependencies: { db: 'pg' },
    plugins: [{ name: 'B', args: { new: true } }],
  };
  expect(requestOfEdit(before, after)).toEqual({
    unset: ['image.pull', String.raw`a\.b.c`],
    dependencies: { cache: '' },
    releaseLabels: { team: '' },
    plugins: [
      { name: 'B', args: { new: true } },
      { name: 'A', disable: true },
    ],
  });
});

test('a value that becomes null, or of another type, is sent', () => {
  const after = { ...before, configValues: { replicas: null, image: 'x', 'a.b': { c: 1 }, list: { a: 1 } } };
  expect(requestOfEdit(before, after)).toEqual({ configValues: { replicas: null, image: 'x', list: { a: 1 } } });
});

test('an unknown field is a mistake', () => {
  expect(() => requestOfEdit(before, { ...before, replicas: 2 })).toThrow('replicas is not a field here');
  expect(() => requestOfEdit(before, { ...before, configValues: [1] })).toThrow('configValues is not an object');
});
