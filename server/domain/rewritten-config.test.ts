import { describe, expect, test } from 'vitest';
import { interruption } from './interruption.ts';
import { isFailedRewrite } from './rewritten-config.ts';

const config = (cause: string) => ({ metadata: { annotations: { 'walm.io/cause': cause } } });

describe('the remains of a rewrite', () => {
  test.each([
    ['a pause that failed', 'failed', config('paused by alice'), 'Rollback failed', true],
    ['a pause that is there', 'deployed', config('paused'), 'paused', false],
    ['an upgrade that failed', 'failed', config('upgraded by alice'), interruption('upgrade-1'), false],
    ['a detachment that was interrupted', 'failed', null, interruption('detach-1'), true],
    ['what plain Helm failed at', 'failed', null, 'Upgrade "web" failed: timed out', false],
  ])('%s', (_what, status, releaseConfig, description, is) => {
    expect(isFailedRewrite({ status, releaseConfig, description })).toBe(is);
  });
});
