import { expect, it } from 'vitest';
import type { DescribedRelease } from './release-info.ts';
import { isSameStatus, toReleaseStatus } from './release-status.ts';

const change = { sequence: 1, time: '2026-03-01T00:00:00Z' };
const runs = {
  namespace: 'demo',
  name: 'web',
  version: 3,
  phase: 'ready',
  ready: true,
  reason: '',
  message: '',
} as DescribedRelease;
const lastFailure = { revision: 4, at: '2026-03-01T00:00:00Z', code: 'MANIFEST_INVALID', message: 'replicas: -1' };

it('tells of a failed change beside what runs', () => {
  const before = toReleaseStatus(runs, change);
  const after = toReleaseStatus({ ...runs, lastFailure }, change);
  expect(before).not.toHaveProperty('lastFailure');
  expect(after).toMatchObject({ revision: 3, phase: 'ready', lastFailure });
  expect(isSameStatus(before, after)).toBe(false);
  expect(isSameStatus(after, toReleaseStatus({ ...runs, lastFailure: { ...lastFailure } }, change))).toBe(true);
});
