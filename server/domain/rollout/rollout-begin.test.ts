import { expect, test } from 'vitest';
import { interruption } from '../revisions/interruption.ts';
import { rolloutBegan } from './rollout-begin.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';

const revision = (number: number, status: HelmStatus, description: string) => ({
  revision: number,
  status,
  description,
  updated: `2026-01-01T00:00:0${number}Z`,
});
const at = (number: number) => Date.parse(`2026-01-01T00:00:0${number}Z`);
const newest = revision(4, 'deployed', 'upgraded');

test('a rollout begins with its revision', () => {
  expect(rolloutBegan([revision(3, 'deployed', 'upgraded'), newest], newest)).toBe(at(4));
  expect(rolloutBegan([newest], newest)).toBe(at(4));
  expect(rolloutBegan([], newest)).toBe(at(4));
});

test('the deadline of an interrupted and retried rollout counts from its first attempt', () => {
  const earlier = [
    revision(1, 'superseded', 'installed'),
    revision(2, 'failed', interruption('t1')),
    revision(3, 'failed', 'cancelled'),
  ];
  expect(rolloutBegan([...earlier, newest], newest)).toBe(at(2));
});

test('an attempt that was cut off counts also where Helm calls it superseded, having found nothing deployed', () => {
  const earlier = [revision(2, 'superseded', 'installed'), revision(3, 'superseded', interruption('t1'))];
  expect(rolloutBegan([...earlier, newest], newest)).toBe(at(3));
});

test('a revision that failed by itself is another rollout', () => {
  expect(rolloutBegan([revision(3, 'failed', 'a hook failed'), newest], newest)).toBe(at(4));
});
