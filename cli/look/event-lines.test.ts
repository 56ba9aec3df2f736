import { expect, test } from 'vitest';

import { happeningLine, kubeEventKey, kubeHappening, releaseHappening, taskHappening } from './event-lines.ts';

const pulled = {
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off pulling\nimage',
  from: 'kubelet',
  count: 3,
  firstTimestamp: '2026-12-01T10:00:00Z',
  lastTimestamp: '2026-12-01T10:05:00Z',
  object: { kind: 'Pod', name: 'kafka-0' },
};

test('an event of Kubernetes names its object, marks warnings and says how often it happened', () => {
  expect(happeningLine(kubeHappening(pulled)).replace(/ +/g, ' ')).toBe(
    '2026-12-01 10:05:00 kube Pod kafka-0 ! BackOff Back-off pulling image (3 times)',
  );
  expect(kubeHappening({}).object).toBe('');
});

test('an event that was counted up is another one', () => {
  expect(kubeEventKey({ ...pulled })).toBe(kubeEventKey(pulled));
  expect(kubeEventKey({ ...pulled, count: 4, lastTimestamp: '2026-12-01T10:06:00Z' })).not.toBe(kubeEventKey(pulled));
});

test('a release has the time of the event, or that of its last change', () => {
  const listed = { namespace: 'demo', name: 'web', updated: '2026-12-01T09:00:00Z', phase: 'ready' };
  expect(releaseHappening(listed)).toMatchObject({ time: '2026-12-01T09:00:00Z', object: 'demo/web' });
  const told = { ...listed, time: '2026-12-01T09:30:00Z', phase: 'failed', reason: 'CrashLoop', message: 'no' };
  expect(releaseHappening(told)).toMatchObject({
    time: '2026-12-01T09:30:00Z',
    reason: 'failed',
    message: 'CrashLoop: no',
  });
});

test('a task has the time of its newest state', () => {
  const task = { id: '5c1e', operation: 'install', state: 'failed', createdAt: 'a', error: { message: 'no' } };
  expect(taskHappening(task)).toMatchObject({ time: 'a', reason: 'install failed', message: 'no  5c1e' });
});
