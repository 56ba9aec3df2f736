import { describe, expect, it } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import type { Task, TaskOperation, TaskState } from '../tasks/task.ts';
import { lastFailure, taskOfLastFailure } from './last-failure.ts';

const RUNS = { attempt: null, updated: '2026-03-01T00:00:00Z', status: 'deployed', revision: 1 } as const;
const ATTEMPT = { revision: 2, status: 'failed', at: '2026-03-01T00:01:30Z', message: 'Upgrade "web" failed' } as const;

/** A task that ended `minute` minutes after the applied revision was written. */
function ended(minute: number, operation: TaskOperation, state: TaskState, given: Partial<Task> = {}): Task {
  const finishedAt = `2026-03-01T00:0${minute}:00Z`;
  const error = { code: `${operation}-${minute}`, message: `${operation} ${minute} says why`, details: {} };
  return taskWith({
    id: `${operation}-${minute}`,
    order: orderOf(operation),
    state,
    createdAt: finishedAt,
    finishedAt,
    ...(state === 'failed' && { error }),
    ...given,
  });
}

const UPGRADE = ended(2, 'upgrade', 'failed', { revision: 2 });
const REFUSED = ended(2, 'upgrade', 'failed');

describe('what failed keeps its code and its text', () => {
  const LATER: [string, Task[]][] = [
    ['nothing', []],
    ['a restart that went well', [ended(3, 'restart', 'succeeded')]],
    ['tests that went well', [ended(3, 'test', 'succeeded')]],
    ['a task that is under way', [taskWith({ id: 'z', order: orderOf('pause'), state: 'running' })]],
    ['several', [ended(3, 'restart', 'succeeded'), ended(4, 'test', 'succeeded'), ended(5, 'restart', 'succeeded')]],
  ];

  it.each(LATER)('after %s: a failure that left a revision', (_name, later) => {
    expect(lastFailure({ ...RUNS, attempt: ATTEMPT }, [UPGRADE, ...later])).toEqual({
      revision: 2,
      at: ATTEMPT.at,
      code: 'upgrade-2',
      message: 'upgrade 2 says why',
    });
  });

  it.each(LATER)('after %s: a failure that left none', (_name, later) => {
    expect(lastFailure(RUNS, [REFUSED, ...later])).toEqual({
      revision: 0,
      at: REFUSED.finishedAt,
      code: 'upgrade-2',
      message: 'upgrade 2 says why',
    });
  });

  it('where a deletion of it was refused: the newest failure is the deletion, and no revision', () => {
    const tasks = [UPGRADE, ended(3, 'delete', 'failed', { revision: 2 })];
    expect(lastFailure({ ...RUNS, attempt: ATTEMPT }, tasks)).toMatchObject({ revision: 0, code: 'delete-3' });
  });

  it('and gives way to a newer one, which gives way to the operation that went well', () => {
    const restart = ended(3, 'restart', 'failed');
    expect(lastFailure({ ...RUNS, attempt: ATTEMPT }, [UPGRADE, restart])).toMatchObject({ code: 'restart-3' });
    const tasks = [UPGRADE, restart, ended(4, 'restart', 'succeeded')];
    expect(lastFailure({ ...RUNS, attempt: ATTEMPT }, tasks)).toMatchObject({ revision: 2, code: 'upgrade-2' });
    expect(lastFailure(RUNS, [restart, ended(4, 'restart', 'succeeded')])).toBeUndefined();
  });

  it('until a revision was applied since', () => {
    const applied = { ...RUNS, updated: '2026-03-01T00:02:30Z', revision: 3 };
    expect(lastFailure(applied, [UPGRADE, ended(3, 'restart', 'succeeded')])).toBeUndefined();
  });

  it('where it was cancelled', () => {
    const cancelled = ended(2, 'upgrade', 'cancelled', { revision: 2 });
    const shown = lastFailure({ ...RUNS, attempt: ATTEMPT }, [cancelled, ended(3, 'restart', 'succeeded')]);
    expect(shown).toMatchObject({ revision: 2, code: 'CANCELLED' });
  });

  it('of plain helm: in the words of Helm, whatever failed before', () => {
    const attempt = { ...ATTEMPT, revision: 3, at: '2026-03-01T00:05:00Z' };
    const shown = { revision: 3, at: attempt.at, code: 'REVISION_FAILED', message: ATTEMPT.message };
    expect(lastFailure({ ...RUNS, attempt }, [REFUSED])).toEqual(shown);
    expect(taskOfLastFailure({ ...RUNS, attempt }, [REFUSED])).toBeUndefined();
  });

  it('is in the one task that is reported', () => {
    const tasks = [ended(1, 'upgrade', 'failed'), UPGRADE, ended(3, 'restart', 'succeeded')];
    expect(taskOfLastFailure({ ...RUNS, attempt: ATTEMPT }, tasks)?.id).toBe('upgrade-2');
    expect(taskOfLastFailure(RUNS, tasks.slice(0, 1))?.id).toBe('upgrade-1');
  });
});
