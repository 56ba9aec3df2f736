import { expect, test } from 'vitest';

import { completeLockfile, recordedHosts } from './complete-lockfile.ts';

test('a platform package that has no entry gets one with version and platform', () => {
  const lockfile = {
    packages: {
      'node_modules/tool': {
        version: '1.2.3',
        dev: true,
        optionalDependencies: { '@tool/darwin-arm64': '1.2.3', '@tool/linux-x64-gnu': '1.2.3' },
      },
      'node_modules/@tool/linux-x64-gnu': { version: '1.2.3' },
    },
  };
  expect(completeLockfile(lockfile)).toEqual(['@tool/darwin-arm64']);
  expect(lockfile.packages).toHaveProperty(['node_modules/@tool/darwin-arm64'], {
    version: '1.2.3',
    cpu: ['arm64'],
    os: ['darwin'],
    dev: true,
    optional: true,
  });
});

test('a complete lockfile stays as it is', () => {
  const lockfile = { packages: { '': {}, 'node_modules/tool': { version: '1.2.3' } } };
  expect(completeLockfile(lockfile)).toEqual([]);
  expect(Object.keys(lockfile.packages)).toEqual(['', 'node_modules/tool']);
});

test('a registry host in the lockfile is named once', () => {
  const resolved = 'https://registry.example/tool/-/tool-1.2.3.tgz';
  const packages = { a: { resolved }, b: { resolved }, c: { version: '1.0.0' } };
  expect(recordedHosts({ packages })).toEqual(['registry.example']);
});
