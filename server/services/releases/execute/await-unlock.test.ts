import { expect, test } from 'vitest';

import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { TASK_ANNOTATION } from '../../../domain/release/release-config.ts';
import { isFinished, type Task } from '../../../domain/tasks/task.ts';
import { createAwaitUnlock } from './await-unlock.ts';

const target = { identity: null, namespace: 'shop', name: 'web' };
const run = { signal: new AbortController().signal, report: () => {}, save: () => Promise.reject(new Error('unused')) };

type Given = { force?: boolean; refusal?: Error; status?: 'uninstalling' | 'pending-install'; writer?: string };

/** The outcome for a lock that is a second old, with these tasks of the release; `writer`: the mark of its revision. */
async function meet(
  tasks: readonly Task[],
  { force = false, refusal, status = 'uninstalling', writer }: Given = {},
): Promise<{ later: { recheckMs: number } | null; settled: string[] }> {
  const settled: string[] = [];
  const clock = createManualClock();
  const awaitUnlock = createAwaitUnlock({
    engine: {
      settle: async ({ name, revision, description }) => {
        if (refusal !== undefined) throw refusal;
        settled.push(`${name} ${revision}: ${description}`);
      },
    },
    tasks: {
      tasksOf: (key) => tasks.filter(() => key === 'shop/web'),
      unfinishedOf: (key) =>
        tasks.filter((task) => key === 'shop/web' && !isFinished(task)).map((task) => ({ task, version: 1 })),
    },
    observeRelease: ({ revision }) => {
      const annotations: JsonObject = revision === 3 && writer !== undefined ? { [TASK_ANNOTATION]: writer } : {};
      return Promise.resolve({ history: [], ownConfig: { metadata: { annotations } } });
    },
    clock,
    foreignLockMs: 60_000,
  });
  const since = new Date(clock.now() - 1000).toISOString();
  const later = await awaitUnlock(target, { revision: 3, status, since, force }, run);
  return { later, settled };
}

test('it waits for a foreign operation', async () => {
  expect(await meet([taskWith({ state: 'running' }), taskWith({ id: 'b' })])).toEqual({
    later: { recheckMs: 1000 },
    settled: [],
  });
});

test('it gives way to force, also where the change that says so waits behind one that does not', async () => {
  const behind = [taskWith({ state: 'running' }), taskWith({ id: 'b', force: true })];
  for (const { later, settled } of [await meet([], { force: true }), await meet(behind)]) {
    expect(later).toBeNull();
    expect(settled).toEqual([expect.stringContaining('web 3: Walm: uninstalling since')]);
    expect(settled[0]).toContain('ended by force');
  }
});

test('one that comes to its end before it can be ended is looked at again', async () => {
  for (const code of ['REVISION_MISMATCH', 'RELEASE_NOT_FOUND'] as const) {
    expect(await meet([], { force: true, refusal: problem(code, 'it was written meanwhile') })).toEqual({
      later: { recheckMs: 1000 },
      settled: [],
    });
  }
  await expect(meet([], { force: true, refusal: problem('FORBIDDEN', 'no') })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});

test.each(['succeeded', 'failed', 'cancelled'] as const)(
  'what a task that has %s left, a record that arrived after its end, does not lock the release',
  async (state) => {
    const tasks = [taskWith({ id: 'ended', state, revision: 3 }), taskWith({ id: 'b', state: 'running' })];
    const { later, settled } = await meet(tasks, { status: 'pending-install', writer: 'ended' });
    expect(later).toBeNull();
    expect(settled).toEqual([expect.stringMatching(/^web 3: Walm: pending-install since .*, left by task ended$/)]);
  },
);

test.each([
  ['a task that runs', { state: 'running', revision: 3 }, { status: 'pending-install', writer: 'a' }],
  [
    'plain Helm, which copied the mark',
    { state: 'succeeded', revision: 2 },
    { status: 'pending-install', writer: 'a' },
  ],
  ['plain Helm, without a mark', { state: 'succeeded', revision: 3 }, { status: 'pending-install' }],
  ['plain Helm, which removes it', { state: 'succeeded', revision: 3 }, { status: 'uninstalling', writer: 'a' }],
] as const)('it waits for the operation of %s', async (_, task, lock) => {
  expect(await meet([taskWith(task)], lock)).toEqual({ later: { recheckMs: 1000 }, settled: [] });
});
