import { expect, test } from 'vitest';

import { nextSteps } from './suite-schedule.ts';
import type { Progress } from './suite-schedule.ts';
import type { Suite } from './suites.ts';

function suite(name: string, cores: number, after: string[] = []): Suite {
  return { name, cores, after, command: ['true'], counting: 'check', limitMinutes: 1 };
}

function started(suites: Suite[], progress: Progress, cores: number): string[] {
  return nextSteps(suites, progress, cores).start.map(({ name }) => name);
}

test('suites start in order while the cores suffice', () => {
  const suites = [suite('a', 1), suite('b', 1), suite('c', 1)];
  expect(started(suites, new Map(), 2)).toEqual(['a', 'b']);
  expect(started(suites, new Map([['a', 'running']]), 2)).toEqual(['b']);
});

test('a small suite may pass a large one that does not fit yet', () => {
  const suites = [suite('a', 1), suite('large', 2), suite('b', 1)];
  expect(started(suites, new Map([['a', 'running']]), 2)).toEqual(['b']);
});

test('suites that mostly wait share the cores', () => {
  const waiting = ['a', 'b', 'c', 'd'].map((name) => suite(name, 0.66));
  expect(started(waiting, new Map(), 2)).toEqual(['a', 'b', 'c']);
});

test('a suite that wants more cores than there are runs alone', () => {
  const suites = [suite('large', 2), suite('a', 1)];
  expect(started(suites, new Map(), 1)).toEqual(['large']);
  expect(started(suites, new Map([['large', 'passed']]), 1)).toEqual(['a']);
});

test('a suite waits for its predecessors', () => {
  const suites = [suite('build', 1), suite('use', 1, ['build'])];
  expect(started(suites, new Map([['build', 'running']]), 2)).toEqual([]);
  expect(started(suites, new Map([['build', 'passed']]), 2)).toEqual(['use']);
});

test('a suite whose predecessor failed is impossible', () => {
  const use = suite('use', 1, ['build']);
  const steps = nextSteps([suite('build', 1), use], new Map([['build', 'failed']]), 2);
  expect(steps).toEqual({ start: [], impossible: [{ suite: use, because: 'build' }] });
});

test('a predecessor that was not asked for is taken as done', () => {
  expect(started([suite('use', 1, ['build'])], new Map(), 2)).toEqual(['use']);
});
