import { expect, test } from 'vitest';
import { failedRevision } from './failed-revision.ts';

test('a failure that was noted is told in its code, with its details', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b' };
  const failure = { code: 'QUOTA_EXCEEDED', message: 'no room for b', details: { object, file: 'c/b.yaml' } } as const;
  const told = failedRevision('the operation', { revision: 3, description: 'a hook failed', failure }, '; so be it');
  expect(told).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    message: 'the operation failed: no room for b; so be it',
    details: { object, file: 'c/b.yaml', revision: 3 },
  });
});

test.each([
  ['Release "web" failed: failed pre-install: resource not ready', 'HOOK_FAILED'],
  ['Upgrade "web" failed: post-upgrade hooks failed: warning: Hook post-upgrade c/t/j.yaml failed: no', 'HOOK_FAILED'],
  ['warning: Hook pre-rollback c/templates/j.yaml failed: exceeded quota', 'HOOK_FAILED'],
  ['Upgrade "web" failed: server-side apply failed for object a/pre-install /v1, Kind=ConfigMap', 'REVISION_FAILED'],
  ['Release "web" failed: context deadline exceeded', 'REVISION_FAILED'],
])('of %s only the description is known: %s', (description, code) => {
  expect(failedRevision('the install', { revision: 1, description }, '')).toMatchObject({
    code,
    message: `the install failed: ${description}`,
    details: { revision: 1 },
  });
});
