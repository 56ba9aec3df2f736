import { describe, expect, it } from 'vitest';
import { isBehind } from './record-expectation.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';

const UNTIL = 0;

function mark(revision: number, status: HelmStatus) {
  return { revision, status, uid: 'u', resourceVersion: '1' };
}

describe('a watch is behind what this process did', () => {
  it.each([
    ['while it shows no record of an install', { revision: 1, status: 'deployed' }, undefined, true],
    ['while it shows the install as pending', { revision: 1, status: 'deployed' }, mark(1, 'pending-install'), true],
    ['while it shows the revision before', { revision: 2, status: 'deployed' }, mark(1, 'deployed'), true],
    ['not once it shows the same', { revision: 2, status: 'deployed' }, mark(2, 'deployed'), false],
    ['not when it shows the outcome in other words', { revision: 2, status: 'deployed' }, mark(2, 'failed'), false],
    ['not when somebody went on', { revision: 2, status: 'deployed' }, mark(3, 'pending-upgrade'), false],
    ['not when the revision was superseded since', { revision: 2, status: 'deployed' }, mark(2, 'superseded'), false],
    ['while it shows what was removed', { revision: 3, status: null }, mark(3, 'uninstalling'), true],
    [
      'while it shows an earlier record of what was removed',
      { revision: 3, status: null },
      mark(1, 'superseded'),
      true,
    ],
    ['not once what was removed is gone', { revision: 3, status: null }, undefined, false],
    ['not when there is a later revision than the removed', { revision: 3, status: null }, mark(4, 'deployed'), false],
  ])('%s', (_name, expected, seen, behind) => {
    expect(isBehind({ ...expected, until: UNTIL }, seen)).toBe(behind);
  });
});
