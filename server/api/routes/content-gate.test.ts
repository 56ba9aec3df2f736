import { expect, test } from 'vitest';
import { operations } from '../../../contract/operations/operations.ts';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { createContentGate } from './content-gate.ts';

const release = {
  name: 'web',
  namespace: 'demo',
  notes: 'a note',
  configValues: { a: 1 },
  computedValues: { a: 1 },
  metaInfoValues: {},
  releaseStatus: {
    configmaps: [
      { name: 'own', namespace: 'demo', data: { a: 'b' } },
      { name: 'other', namespace: 'other', data: { a: 'b' } },
    ],
  },
};
const nothing = { readsConfigMaps: () => Promise.resolve(false), readsRecords: () => Promise.resolve(false) };
const limit = (row: Operation, body: unknown, visible: Parameters<ReturnType<typeof createContentGate>>[1] = nothing) =>
  createContentGate(row.responses)({ status: 200, body }, visible).then((reply) => reply.body);

test('notes, computed values and data of ConfigMaps are for those who may read them', async () => {
  expect(await limit(operations.getRelease, release)).toEqual({
    ...release,
    notes: '',
    computedValues: null,
    metaInfoValues: null,
    releaseStatus: { configmaps: release.releaseStatus.configmaps.map((one) => ({ ...one, data: null })) },
  });
  const ofOne = {
    readsConfigMaps: (name: string) => Promise.resolve(name === 'demo'),
    readsRecords: () => Promise.resolve(true),
  };
  const [own, other] = release.releaseStatus.configmaps;
  expect(await limit(operations.getRelease, release, ofOne)).toEqual({
    ...release,
    releaseStatus: { configmaps: [own, { ...other, data: null }] },
  });
  expect(await limit(operations.getRelease, release, null)).toBe(release);
});

test('it is asked only about namespaces of ConfigMaps whose data would be shown', async () => {
  const elsewhere = Array.from({ length: 9_000 }, (_, i) => ({ name: 'm', namespace: `n${i}`, data: null }));
  const forged = { ...release, releaseStatus: { configmaps: [...elsewhere, ...release.releaseStatus.configmaps] } };
  const asked: string[] = [];
  const visible = {
    ...nothing,
    async readsConfigMaps(namespace: string) {
      asked.push(namespace);
      return true;
    },
  };
  const { releaseStatus } = (await limit(operations.getRelease, forged, visible)) as typeof release;
  expect(asked).toEqual(['demo', 'other']);
  expect(releaseStatus).toEqual(forged.releaseStatus);
});

test('an output taken from a ConfigMap is for those who may read ConfigMaps', async () => {
  const publisher = { ...release, outputConfigValues: { cm: 'a', other: 'b' }, configMapOutputs: ['cm'] };
  expect(await limit(operations.getRelease, publisher)).toMatchObject({ outputConfigValues: { other: 'b' } });
  const all = { readsConfigMaps: () => Promise.resolve(true), readsRecords: () => Promise.resolve(true) };
  expect(await limit(operations.getRelease, publisher, all)).toMatchObject({
    outputConfigValues: { cm: 'a', other: 'b' },
  });
});

test('values that plain Helm wrote are in its record alone', async () => {
  const outside = { ...release, outside: { revision: 1, since: '' } };
  expect(await limit(operations.getRelease, outside)).toMatchObject({ configValues: null });
});

test('wherever an answer holds releases they are limited', async () => {
  const list = { num: 1, items: [release] };
  const project = { name: 'p', releases: [release] };
  for (const [row, body] of [
    [operations.listReleases, list],
    [operations.listNamespaceReleases, list],
    [operations.getProject, project],
    [operations.listProjects, { num: 1, items: [project] }],
    [operations.listNamespaceProjects, { num: 1, items: [project] }],
  ] as const) {
    const text = JSON.stringify(await limit(row, body));
    expect(text).toContain('"web"');
    expect(text).not.toContain('a note');
    expect(text).not.toContain('"a":"b"');
  }
});

test('the schema of every answer that shows notes is one that the gate knows', () => {
  const knows = (row: Operation) => JSON.stringify(row.responses).includes('"Release"');
  const shows = Object.values<Operation>(operations).filter(knows);
  expect(shows.length).toBeGreaterThanOrEqual(6);
});
