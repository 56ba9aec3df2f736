import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { appliedBefore, appliedRevision, isAtRevision, wasApplied } from './applied-revision.ts';
import { isInProgress, RECORDED_STATUSES, toHelmStatus } from './helm-status.ts';
import {
  deployedRevision,
  hasUnsuperseded,
  isNameFree,
  type KeptRevision,
  presentRevision,
  stateAfterRemoval,
  walkBack,
} from './history.ts';
import { interruption } from './interruption.ts';

/** What engine/history/histories_test.go reads as well: the engine and the server judge the same histories. */
function rules<Rules>(name: string): Rules {
  const file = new URL(`../../../engine/testdata/rules/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Rules;
}

/** `1 deployed; 2 failed`, each with an optional description after an equals sign. */
function history(text: string): KeptRevision[] {
  const entries = text === '' ? [] : text.split('; ');
  return entries.map((entry) => {
    const [head = '', description] = entry.split(' = ');
    const [revision, status] = head.split(' ');
    return {
      revision: Number(revision),
      status: toHelmStatus(status),
      ...(description !== undefined && { description }),
    };
  });
}

const numberOf = (revision: KeptRevision | undefined) => revision?.revision ?? 0;

test('the states are those that the engine knows, and the same of them are under way', () => {
  const known = rules<Record<string, boolean>>('statuses');
  expect(Object.fromEntries(RECORDED_STATUSES.map((status) => [status, isInProgress(status)]))).toEqual(known);
});

test.each([
  ['deployed', 'deployed'],
  ['unreadable', 'unreadable'],
  ['Deployed', 'unknown'],
  ['pending-', 'unknown'],
  ['constructor', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('a record that says %s of itself is %s', (text, status) => {
  expect(toHelmStatus(text)).toBe(status);
});

type Judged = Record<'applied' | 'deployed' | 'present', number> & { history: string; free: boolean };

test.each(rules<Judged[]>('histories'))('of the history "$history"', ({ history: text, ...wanted }) => {
  const kept = history(text);
  expect({
    applied: numberOf(appliedRevision(kept)),
    deployed: numberOf(deployedRevision(kept)),
    present: numberOf(presentRevision(kept)),
    free: isNameFree(kept),
  }).toEqual({ applied: wanted.applied, deployed: wanted.deployed, present: wanted.present, free: wanted.free });
});

it('a revision that cannot be read may be what runs', () => {
  expect(numberOf(appliedRevision(history('1 superseded; 2 unreadable; 3 failed')))).toBe(2);
});

it('knows which revisions were in force', () => {
  const kept = history('1 superseded; 2 failed; 3 superseded = Rollback "r" failed: no; 4 deployed; 5 pending-upgrade');
  expect(kept.filter(wasApplied).map(({ revision }) => revision)).toEqual([1, 4]);
});

describe('on the way back', () => {
  const kept = history('1 superseded; 2 uninstalled; 3 superseded; 4 deployed; 5 failed');

  it('are all revisions, newest first, those below one, and those that come before the walk ends', () => {
    const numbers = (revisions: readonly KeptRevision[]) => revisions.map(numberOf);
    expect(numbers(walkBack(kept))).toEqual([5, 4, 3, 2, 1]);
    expect(numbers(walkBack(kept, { below: 4 }))).toEqual([3, 2, 1]);
    expect(numbers(walkBack(kept, { end: ({ status }) => status === 'uninstalled' }))).toEqual([5, 4, 3]);
    expect(numbers(walkBack(kept, { below: 4, end: ({ status }) => status === 'uninstalled' }))).toEqual([3]);
    expect(walkBack([])).toEqual([]);
  });

  it('is the one before that was in force', () => {
    const failing = history('1 superseded; 2 deployed; 3 failed; 4 failed');
    expect([4, 2, 1].map((present) => numberOf(appliedBefore(failing, present)))).toEqual([2, 1, 0]);
    const cutOff = history(`1 superseded; 2 superseded; 3 superseded = ${interruption('t1')}; 4 deployed`);
    expect(numberOf(appliedBefore(cutOff, 4))).toBe(2);
    expect(numberOf(appliedBefore(history('1 superseded; 2 uninstalled; 3 deployed'), 3))).toBe(1);
  });
});

it('is at the newest revision, and at the one that runs', () => {
  const kept = history('1 superseded; 2 deployed; 3 failed');
  expect([0, 1, 2, 3, 4].filter((revision) => isAtRevision(kept, revision))).toEqual([2, 3]);
  expect(isAtRevision([], 0)).toBe(true);
});

it.each([
  ['1 deployed; 2 deployed', true],
  ['1 deployed; 2 deployed; 3 failed', false],
  ['1 superseded; 2 deployed', false],
  ['1 deployed', false],
  ['', false],
])('of "%s" an earlier revision was not superseded: %s', (text, left) => {
  expect(hasUnsuperseded(history(text))).toBe(left);
});

it('knows what a delete that died has marked', () => {
  expect(stateAfterRemoval(history('1 deployed; 2 uninstalling'))).toBe('failed');
  expect(stateAfterRemoval(history('1 superseded; 2 uninstalling'))).toBe('deployed');
});
