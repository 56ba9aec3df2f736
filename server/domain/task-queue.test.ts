import { taskWith } from '../../test/harness/tasks.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTasks } from './task-queue.ts';
import { type Task, taskKey } from './task.ts';

function taskOf(id: string, namespace: string, release: string): Task {
  return taskWith({ id, namespace, release, requestId: '', createdAt: '' });
}
const ids = (tasks: Task[]) => tasks.map(({ id }) => id);
const idle = { busy: new Set<string>(), running: [], parallel: 10 };

describe('nextTasks', () => {
  test('starts one task of each release, the one that arrived first', () => {
    const waiting = [taskOf('1', 'a', 'x'), taskOf('2', 'a', 'x'), taskOf('3', 'a', 'y')];
    expect(ids(nextTasks(waiting, idle))).toEqual(['1', '3']);
  });

  test('leaves a busy release alone, its later tasks too', () => {
    const waiting = [taskOf('1', 'a', 'x'), taskOf('2', 'a', 'x'), taskOf('3', 'b', 'x')];
    expect(ids(nextTasks(waiting, { ...idle, busy: new Set(['a/x']) }))).toEqual(['3']);
  });

  test('a namespace with a long queue does not hold up another', () => {
    const waiting = [taskOf('1', 'a', 'p'), taskOf('2', 'a', 'q'), taskOf('3', 'a', 'r'), taskOf('4', 'b', 'x')];
    expect(ids(nextTasks(waiting, { ...idle, parallel: 2 }))).toEqual(['1', '4']);
    expect(ids(nextTasks(waiting, { busy: new Set(), running: ['a/m', 'a/n'], parallel: 3 }))).toEqual(['4']);
  });

  test('never more than fit, never two of one release, never a busy one', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, names)),
        fc.array(fc.tuple(names, names)),
        fc.nat(6),
        (queue, now, parallel) => {
          const waiting = queue.map(([namespace, release], i) => taskOf(String(i), namespace, release));
          const running = [...new Set(now.map(([namespace, release]) => `${namespace}/${release}`))];
          const chosen = nextTasks(waiting, { busy: new Set(running), running, parallel });
          const keys = chosen.map(taskKey);
          expect(new Set(keys).size).toBe(keys.length);
          expect(keys.some((key) => running.includes(key))).toBe(false);
          expect(chosen.length).toBeLessThanOrEqual(Math.max(0, parallel - running.length));
        },
      ),
    );
  });
});
