import { expect, test } from 'vitest';
import type { TaskOrder } from './task.ts';
import { rightsOfTask } from './task-rights.ts';

const asked = (order: TaskOrder) =>
  rightsOfTask({ namespace: 'demo', release: 'web', order }).map(
    ({ verb, resource, namespace, name }) => `${verb} ${resource} ${namespace}/${name}`,
  );
const apply = {
  request: { name: 'web' },
  createNamespace: false,
  crds: 'create',
  waitReady: true,
  allowMissing: false,
} as const;
const origin = { kind: 'archive', ref: '', version: '1.0.0', digest: 'd' } as const;

test('every change needs the right that fits it', () => {
  expect(asked({ ...apply, kind: 'install', origin })).toEqual(['create releaseconfigs demo/']);
  expect(asked({ ...apply, kind: 'upgrade', origin: null })).toEqual(['update releaseconfigs demo/web']);
  expect(asked({ kind: 'rollback', revision: 1 })).toEqual(['update releaseconfigs demo/web']);
  expect(asked({ kind: 'restart', mode: 'auto' })).toEqual(['update releaseconfigs demo/web']);
  expect(asked({ kind: 'delete', deletePvcs: false, ignoreNotFound: false })).toEqual([
    'delete releaseconfigs demo/web',
  ]);
  expect(asked({ kind: 'createProject', installs: [] })).toEqual(['create releaseconfigs demo/']);
});

test('one that installs or upgrades needs both', () => {
  expect(asked({ ...apply, kind: 'install', origin, upsert: true })).toEqual([
    'create releaseconfigs demo/',
    'update releaseconfigs demo/web',
  ]);
});

test('claims are removed for those who may', () => {
  expect(asked({ kind: 'delete', deletePvcs: true, ignoreNotFound: false })).toEqual([
    'delete releaseconfigs demo/web',
    'delete persistentvolumeclaims demo/',
  ]);
});
