import { expect, test } from 'vitest';
import type { Task } from '../../domain/tasks/task.ts';
import { createAwaitOutcome } from './await-outcome.ts';

const task = (rest: Partial<Task>): Task => ({
  id: 't',
  namespace: 'demo',
  release: 'web',
  state: 'running',
  attempt: 1,
  caller: null,
  requestId: 'r',
  createdAt: '2026-01-01T00:00:00Z',
  warnings: [],
  order: { kind: 'test' },
  ...rest,
});

/** The answer to a request whose task has this state when it is submitted; a waiting caller sees it succeed. */
function answer(submitted: Task, async: boolean) {
  const awaitOutcome = createAwaitOutcome({
    waitForTask: async ({ task: waiting }) => ({ ...waiting, state: 'succeeded' }),
    awaitCacheCatchUp: async () => undefined,
  });
  return awaitOutcome({ task: submitted, version: 1 }, async ? null : {}, new AbortController().signal);
}

test('a caller who does not wait gets the task, and one who waits its result', async () => {
  expect(await answer(task({}), true)).toMatchObject({ finished: false, task: { id: 't', state: 'running' } });
  expect(await answer(task({}), false)).toMatchObject({ finished: true, task: { id: 't', state: 'succeeded' } });
});

test.each([true, false])('a repetition of what failed fails as it did, async: %s', async (async) => {
  const error = { code: 'HOOK_FAILED', message: 'a test failed', details: {} };
  await expect(answer(task({ state: 'failed', error }), async)).rejects.toMatchObject({
    code: 'HOOK_FAILED',
    message: 'a test failed',
    details: { task: 't' },
  });
  await expect(answer(task({ state: 'cancelled' }), async)).rejects.toMatchObject({ code: 'CANCELLED' });
});
