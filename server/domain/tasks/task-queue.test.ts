import { person } from '../../../test/harness/fakes/person.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTasks } from './task-queue.ts';
import { isFollowing, type Task, taskKey, type UpgradeOrder } from './task.ts';

function taskOf(id: string, namespace: string, release: string): Task {
  return taskWith({ id, namespace, release, requestId: '', createdAt: '' });
}

/** An automatic upgrade. */
function followerOf(id: string, namespace: string, release: string): Task {
  const order = { kind: 'upgrade', cause: 'zk outputs changed: it' } as UpgradeOrder;
  return { ...taskOf(id, namespace, release), order };
}
const place = (namespace: string, following = false, caller: Task['caller'] = null) => ({
  namespace,
  following,
  caller,
});
const by = (caller: Task['caller'], task: Task): Task => ({ ...task, caller });
const ids = (tasks: Task[]) => tasks.map(({ id }) => id);
const idle = { busy: new Set<string>(), running: [], parallel: 10 };

describe('nextTasks', () => {
  test('starts one task of each release, the one that arrived first', () => {
    const waiting = [taskOf('1', 'a', 'x'), taskOf('2', 'a', 'x'), taskOf('3', 'a', 'y')];
    expect(ids(nextTasks(waiting, idle))).toEqual(['1', '3']);
  });

  test('continues the started task of a release, even if an earlier one becomes known later', () => {
    const waiting = [
      taskOf('1', 'a', 'x'),
      { ...taskOf('2', 'a', 'x'), state: 'running' as const, attempt: 1 },
      { ...taskOf('3', 'a', 'x'), state: 'running' as const, attempt: 1 },
    ];
    expect(ids(nextTasks(waiting, idle))).toEqual(['2']);
    const inProgress = waiting.map((task, at) => ({
      ...task,
      ...(at > 0 && { startedAt: `2026-01-01T00:00:0${at}Z` }),
    }));
    expect(ids(nextTasks(inProgress, idle))).toEqual(['3']);
  });

  test('leaves a busy release alone, its later tasks too', () => {
    const waiting = [taskOf('1', 'a', 'x'), taskOf('2', 'a', 'x'), taskOf('3', 'b', 'x')];
    expect(ids(nextTasks(waiting, { ...idle, busy: new Set(['a/x']) }))).toEqual(['3']);
  });

  test('a namespace with a long queue does not hold up another', () => {
    const waiting = [taskOf('1', 'a', 'p'), taskOf('2', 'a', 'q'), taskOf('3', 'a', 'r'), taskOf('4', 'b', 'x')];
    expect(ids(nextTasks(waiting, { ...idle, parallel: 2 }))).toEqual(['1', '4']);
    expect(ids(nextTasks(waiting, { busy: new Set(), running: [place('a'), place('a')], parallel: 3 }))).toEqual(['4']);
  });

  test('tasks that follow a provider leave half of the slots to requested ones', () => {
    const crowd = ['1', '2', '3', '4'].map((id) => followerOf(id, id === '4' ? 'b' : 'a', `x${id}`));
    expect(ids(nextTasks(crowd, { ...idle, parallel: 4 }))).toEqual(['1', '4']);
    expect(ids(nextTasks(crowd, { ...idle, parallel: 1 }))).toEqual(['1']);
    const running = [place('a', true), place('a', true)];
    expect(nextTasks(crowd, { ...idle, running, parallel: 4 })).toEqual([]);
    const asked = [...crowd, taskOf('5', 'a', 'y'), taskOf('6', 'a', 'z')];
    expect(ids(nextTasks(asked, { ...idle, running, parallel: 4 }))).toEqual(['5', '6']);
    expect(ids(nextTasks(asked, { ...idle, parallel: 2 }))).toEqual(['1', '5']);
  });

  test('a following task counts as requested when a caller waits behind it', () => {
    const waiting = [followerOf('1', 'a', 'x'), followerOf('2', 'a', 'y'), taskOf('3', 'a', 'y')];
    expect(ids(nextTasks(waiting, { ...idle, running: [place('a', true)], parallel: 2 }))).toEqual(['2']);
  });

  test('one caller leaves a quarter of the places to others, in however many namespaces, whatever they wait for', () => {
    const [ann, bob] = [person('ann'), person('bob')];
    const names = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const hers = names.map((id) => by(ann, taskOf(id, `n${id}`, 'x')));
    expect(ids(nextTasks(hers, { ...idle, parallel: 8 }))).toEqual(names.slice(0, 6));
    expect(ids(nextTasks([...hers, by(bob, taskOf('9', 'n1', 'y'))], { ...idle, parallel: 8 }))).toContain('9');
    const running = names.slice(0, 6).map((id) => place(`n${id}`, false, ann));
    expect(nextTasks(hers.slice(6), { ...idle, running, parallel: 8 })).toEqual([]);
    expect(
      ids(
        nextTasks([by(ann, taskOf('7', 'b', 'x')), by(bob, taskOf('8', 'b', 'y'))], { ...idle, running, parallel: 8 }),
      ),
    ).toEqual(['8']);
    const anybodys = hers.map((task) => by(null, task));
    expect(nextTasks(anybodys, { ...idle, parallel: 8 })).toHaveLength(8);
    expect(nextTasks(hers, { ...idle, parallel: 1 })).toHaveLength(1);
  });

  test('and of the places of those that follow a provider, too', () => {
    const [ann, bob] = [person('ann'), person('bob')];
    const hers = ['1', '2', '3', '4'].map((id) => by(ann, followerOf(id, `n${id}`, 'x')));
    expect(ids(nextTasks(hers, { ...idle, parallel: 8 }))).toEqual(['1', '2', '3']);
    const running = ['1', '2', '3'].map((id) => place(`n${id}`, true, ann));
    expect(ids(nextTasks([...hers, by(bob, followerOf('5', 'n1', 'y'))], { ...idle, running, parallel: 8 }))).toEqual([
      '5',
    ]);
  });

  test('never more than fit, never two of one release, never a busy one', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, names, fc.boolean())),
        fc.array(fc.tuple(names, names)),
        fc.nat(6),
        (queue, now, parallel) => {
          const waiting = queue.map(([namespace, release, follows], i) =>
            (follows ? followerOf : taskOf)(String(i), namespace, release),
          );
          const busy = new Set(now.map(([namespace, release]) => `${namespace}/${release}`));
          const running = [...busy].map((key) => place(key.slice(0, 1)));
          const chosen = nextTasks(waiting, { busy, running, parallel });
          const keys = chosen.map(taskKey);
          expect(new Set(keys).size).toBe(keys.length);
          expect(keys.some((key) => busy.has(key))).toBe(false);
          const asked = waiting.filter((task) => !isFollowing(task) && !busy.has(taskKey(task)));
          const isFull = chosen.length === Math.max(0, parallel - running.length);
          expect(isFull || asked.every((task) => keys.includes(taskKey(task)))).toBe(true);
          expect(chosen.length).toBeLessThanOrEqual(Math.max(0, parallel - running.length));
        },
      ),
    );
  });
});
