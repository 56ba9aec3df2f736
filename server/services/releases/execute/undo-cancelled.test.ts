import { expect, test } from 'vitest';

import { orderOf, taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { TASK_ANNOTATION } from '../../../domain/release/release-config.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import { createMemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import { createUndoCancelled } from './undo-cancelled.ts';
import type { ReleaseSnapshot } from '../../../domain/change/seen-release.ts';

const at = { updated: '2026-01-01T00:00:00.000Z', description: '', revision: 2 };

/**
 * The outcome of a cancelled delete that left revision 2 unfinished, when `overtaken` attempts to mark it come too
 * late.
 */
async function undo(overtaken: number) {
  const settled: string[] = [];
  let [left, isOver] = [overtaken, false];
  const undoCancelled = createUndoCancelled({
    engine: {
      getRelease: createMemoryHelm(createManualClock()).getRelease,
      settle: async ({ description }) => {
        left -= 1;
        if (left >= 0) throw problem('REVISION_MISMATCH', 'it was written meanwhile');
        settled.push(description);
      },
    },
    observeRelease: async () => {
      const status = isOver ? 'deployed' : 'uninstalling';
      isOver = overtaken === 1;
      return { history: [{ ...at, status }], ownConfig: null };
    },
    cleanFailedInstall: () => Promise.reject(new Error('it is not an install')),
    cancelProject: () => Promise.reject(new Error('it is not a project')),
    liveView: { observe: () => Promise.resolve() },
  });
  return { undone: await undoCancelled(taskWith({ id: 'mine', revision: 2 })), settled };
}

test('a revision that is left in the middle is settled', async () => {
  expect(await undo(0)).toEqual({ undone: { revision: 2 }, settled: ['Walm: task mine was cancelled'] });
});

test('one that comes to its end before it can be settled is looked at again', async () => {
  expect(await undo(1)).toEqual({ undone: {}, settled: [] });
  expect((await undo(MAX_RACES)).settled).toHaveLength(1);
  await expect(undo(MAX_RACES + 1)).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
});

/** What becomes of a task of this kind that finds the release so. */
function undoOf(order: Task['order'], history: ReleaseSnapshot['history'], task = 'mine') {
  const ownConfig = { metadata: { annotations: { [TASK_ANNOTATION]: task } } };
  const undoCancelled = createUndoCancelled({
    engine: { getRelease: () => Promise.resolve(null), settle: () => Promise.resolve() },
    observeRelease: () => Promise.resolve({ history, ownConfig }),
    cleanFailedInstall: () => Promise.resolve(null),
    cancelProject: () => Promise.reject(new Error('it is not a project')),
    liveView: { observe: () => Promise.resolve() },
  });
  return undoCancelled(taskWith({ id: 'mine', revision: 2, order }));
}

test('what came true before it could be stopped is done, newest or not', async () => {
  const upgrade = { kind: 'recover' } as const;
  expect(await undoOf(upgrade, [{ ...at, status: 'deployed' }])).toBeNull();
  expect(
    await undoOf(upgrade, [
      { ...at, status: 'superseded' },
      { ...at, revision: 3, status: 'deployed' },
    ]),
  ).toBeNull();
  expect(await undoOf(upgrade, [{ ...at, status: 'failed' }])).toEqual({ revision: 2 });
  expect(await undoOf(upgrade, [{ ...at, status: 'deployed' }], 'other')).toEqual({});
});

test('a delete is done where the release is gone that it has begun to remove', async () => {
  const order = { kind: 'delete', deletePvcs: false, ignoreNotFound: false } as const;
  expect(await undoOf({ ...order, digests: [] }, [])).toBeNull();
  expect(await undoOf({ ...order, digests: [] }, [{ ...at, status: 'uninstalled' }])).toBeNull();
  expect(await undoOf(order, [])).toEqual({});
});

test('an install that came true is done', async () => {
  expect(await undoOf(orderOf('install'), [])).toBeNull();
});
