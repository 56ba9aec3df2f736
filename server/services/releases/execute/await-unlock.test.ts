import { expect, test } from 'vitest';

import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import { createAwaitUnlock } from './await-unlock.ts';

const target = { identity: null, namespace: 'shop', name: 'web' };
const run = { signal: new AbortController().signal, report: () => {}, save: () => Promise.reject(new Error('unused')) };

/** The outcome for a lock of plain Helm that is a second old, with these unfinished tasks of the release. */
async function meet(tasks: readonly Task[], force = false, refusal?: Error) {
  const settled: string[] = [];
  const clock = createManualClock();
  const awaitUnlock = createAwaitUnlock({
    engine: {
      settle: async ({ name, revision, description }) => {
        if (refusal !== undefined) throw refusal;
        settled.push(`${name} ${revision}: ${description}`);
      },
    },
    tasks: { unfinishedOf: (key) => (key === 'shop/web' ? tasks.map((task) => ({ task, version: 1 })) : []) },
    clock,
    foreignLockMs: 60_000,
  });
  const since = new Date(clock.now() - 1000).toISOString();
  const later = await awaitUnlock(target, { revision: 3, status: 'uninstalling', since, force }, run);
  return { later, settled };
}

test('it waits for a foreign operation', async () => {
  expect(await meet([taskWith({ state: 'running' }), taskWith({ id: 'b' })])).toEqual({
    later: { lookAgainMs: 1000 },
    settled: [],
  });
});

test('it gives way to force, also where the change that says so waits behind one that does not', async () => {
  const behind = [taskWith({ state: 'running' }), taskWith({ id: 'b', force: true })];
  for (const { later, settled } of [await meet([], true), await meet(behind)]) {
    expect(later).toBeNull();
    expect(settled).toEqual([expect.stringContaining('web 3: Walm: uninstalling since')]);
    expect(settled[0]).toContain('ended by force');
  }
});

test('one that comes to its end before it can be ended is looked at again', async () => {
  for (const code of ['REVISION_MISMATCH', 'RELEASE_NOT_FOUND'] as const) {
    expect(await meet([], true, problem(code, 'it was written meanwhile'))).toEqual({
      later: { lookAgainMs: 1000 },
      settled: [],
    });
  }
  await expect(meet([], true, problem('FORBIDDEN', 'no'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
