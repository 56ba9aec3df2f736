import { expect, test } from 'vitest';

import { parseRelease } from './release-answers.ts';
import { createSpillFolder } from './spilled-text.ts';

const CONFIG = { kind: 'ReleaseConfig', spec: { configValues: { a: 1 } } };
const facts = { index: 0, source: '', apiVersion: 'v1', kind: 'X', namespace: 'shop', name: 'web' };
const OBJECTS = [
  { ...facts, object: { kind: 'X' } },
  { ...facts, index: 1, object: {} },
];
const json = (value: unknown) => ({ inline: JSON.stringify(value) });

function read(more: object) {
  const answer = {
    name: 'web',
    namespace: 'shop',
    revision: 1,
    status: 'deployed',
    chartName: 'web',
    chartVersion: '1',
    appVersion: '',
    updated: '',
    firstDeployed: '',
    description: '',
    labels: {},
    notes: '',
    chartMetadata: null,
    config: json({}),
    computedValues: json({}),
    manifest: { inline: '' },
    hooks: json([]),
    objects: json(OBJECTS),
    releaseConfig: json(CONFIG),
    schemas: [],
    metaFiles: {},
    seal: null,
    warnings: [],
    ...more,
  };
  return parseRelease(answer, 'release/get', { spill: createSpillFolder('/nowhere'), seals: null });
}

test('the ReleaseConfig is put back among the objects that it was left out of', async () => {
  const { objects, releaseConfig, ...rest } = await read({ configAt: 1 });
  expect(releaseConfig).toEqual(CONFIG);
  expect(objects.map(({ object }) => object)).toEqual([{ kind: 'X' }, CONFIG]);
  expect(rest).not.toHaveProperty('configAt');
});

test('objects stay as they came where it was not left out of them', async () => {
  const { objects } = await read({});
  expect(objects.map(({ object }) => object)).toEqual([{ kind: 'X' }, {}]);
});

test('values that are the same in three places come once', async () => {
  const values = { a: 1 };
  const shown = { kind: 'ReleaseConfig', spec: { configValues: null, labels: { b: 'c' } } };
  const answer = { config: json(values), computedValues: null, releaseConfig: json(shown), hasConfig: true };
  const { config, computedValues, releaseConfig, ...rest } = await read(answer);
  expect([config, computedValues]).toEqual([values, values]);
  expect(releaseConfig).toEqual({ kind: 'ReleaseConfig', spec: { configValues: values, labels: { b: 'c' } } });
  expect(rest).not.toHaveProperty('hasConfig');
});
