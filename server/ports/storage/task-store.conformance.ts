import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Task } from '../../domain/tasks/task.ts';
import { TaskConflict, type TaskStore } from './task-store.ts';

/** A store under test, and a second store over the same place, to see what is really stored. */
export type ExaminedTaskStore = { store: TaskStore; reopen: () => TaskStore };

/** Recent: a store may refuse a task that was accepted long before it was written. */
const FIRST_MS = Math.floor(Date.now() / 1000) * 1000 - 60_000;
const acceptedAt = (seconds: number) => new Date(FIRST_MS + seconds * 1000).toISOString();

function taskOf(id: string, changes: Partial<Task> = {}): Task {
  return {
    id,
    namespace: 'shop',
    release: 'web',
    state: 'queued',
    attempt: 0,
    caller: { user: 'ann', groups: ['dev'], uid: 'u-1', extra: { scopes: ['read'] } },
    requestId: 'request-1',
    createdAt: acceptedAt(0),
    warnings: [],
    order: { kind: 'delete', deletePvcs: false, ignoreNotFound: false },
    ...changes,
  };
}

/** The contract of every task store. */
export function describeTaskStore(name: string, open: () => Promise<ExaminedTaskStore>): void {
  describe(`task store: ${name}`, () => {
    let examined: ExaminedTaskStore;
    let stopping: AbortController;
    let running: Promise<unknown>[];

    function start(store: TaskStore): Promise<void> {
      running.push(store.run(stopping.signal));
      return store.synced();
    }

    /** Resolves when the store reports a task for which `wanted` holds. */
    function untilNotified(store: TaskStore, wanted: (task: Task, removed: boolean) => boolean): Promise<Task> {
      return new Promise((resolve) => {
        const stop = store.subscribe((task, removed) => {
          if (wanted(task, removed)) {
            stop();
            resolve(task);
          }
        });
      });
    }

    beforeEach(async () => {
      stopping = new AbortController();
      running = [];
      examined = await open();
      await start(examined.store);
    });

    afterEach(async () => {
      stopping.abort();
      await Promise.all(running);
    });

    test('gives back what was created, secret values and all', async () => {
      const task = taskOf('a', {
        order: { kind: 'delete', deletePvcs: true, ignoreNotFound: false, claims: ['data-web-0'] },
      });
      await examined.store.create(task);
      expect((await examined.store.find('a'))?.task).toEqual(task);
      expect(examined.store.all().map((stored) => stored.task)).toEqual([task]);
    });

    test('refuses an id that is taken, and keeps what was there', async () => {
      await examined.store.create(taskOf('a'));
      expect(await examined.store.create(taskOf('a', { release: 'other' }))).toBeNull();
      expect((await examined.store.find('a'))?.task.release).toBe('web');
    });

    test('lets one of two writers win', async () => {
      const stored = await examined.store.create(taskOf('a'));
      const running = await examined.store.update(stored!, taskOf('a', { state: 'running' }));
      await expect(examined.store.update(stored!, taskOf('a', { state: 'failed' }))).rejects.toThrow(TaskConflict);
      expect((await examined.store.find('a'))?.task.state).toBe('running');
      expect((await examined.store.update(running, taskOf('a', { state: 'failed' }))).task.state).toBe('failed');
    });

    test('does not bring a removed task back', async () => {
      const stored = await examined.store.create(taskOf('a'));
      await examined.store.remove('a');
      await examined.store.remove('a');
      await expect(examined.store.update(stored!, taskOf('a', { state: 'running' }))).rejects.toThrow(TaskConflict);
      expect(await examined.store.find('a')).toBeNull();
      expect(examined.store.all()).toEqual([]);
    });

    test('withdraws a task only if it is unchanged', async () => {
      const stored = await examined.store.create(taskOf('a'));
      const running = await examined.store.update(stored!, taskOf('a', { state: 'running' }));
      await expect(examined.store.withdraw(stored!)).rejects.toThrow(TaskConflict);
      expect((await examined.store.find('a'))?.task.state).toBe('running');
      await examined.store.withdraw(running);
      await examined.store.withdraw(running);
      expect(await examined.store.find('a')).toBeNull();
    });

    test('orders by arrival and distinguishes the tasks of a release', async () => {
      await examined.store.create(taskOf('late', { createdAt: acceptedAt(2) }));
      await examined.store.create(taskOf('early', { state: 'failed' }));
      await examined.store.create(taskOf('middle', { createdAt: acceptedAt(1) }));
      await examined.store.create(taskOf('other', { release: 'api' }));
      const ids = (list: { task: Task }[]) => list.map(({ task }) => task.id);
      expect(ids(examined.store.all())).toEqual(['early', 'other', 'middle', 'late']);
      expect(ids(examined.store.unfinished())).toEqual(['other', 'middle', 'late']);
      expect(ids(examined.store.unfinishedOf('shop/web'))).toEqual(['middle', 'late']);
      expect(examined.store.tasksOf('shop/web').map(({ id }) => id)).toEqual(['early', 'middle', 'late']);
      expect(examined.store.tasksOf('shop/nothing')).toEqual([]);
      expect(examined.store.latestOf('shop/web')?.id).toBe('late');
      expect(examined.store.latestOf('shop/nothing')).toBeUndefined();
    });

    test('notifies its listeners of every change before the call that made it resolves', async () => {
      const notified: string[] = [];
      examined.store.subscribe((task, removed) => notified.push(`${task.id} ${removed ? 'removed' : task.state}`));
      const stored = await examined.store.create(taskOf('a'));
      expect(notified).toEqual(['a queued']);
      await examined.store.update(stored!, taskOf('a', { state: 'running' }));
      expect(notified.at(-1)).toBe('a running');
      await examined.store.remove('a');
      expect(notified.at(-1)).toBe('a removed');
    });

    test('reports progress to readers of this process without a write', async () => {
      const stored = await examined.store.create(taskOf('a', { state: 'running' }));
      examined.store.report('a', { phase: 'hooks', message: 'waiting' });
      expect(examined.store.latestOf('shop/web')?.progress?.phase).toBe('hooks');
      const finished = await examined.store.update(stored!, taskOf('a', { state: 'succeeded' }));
      examined.store.report('a', { phase: 'hooks', message: 'too late' });
      expect((await examined.store.find(finished.task.id))?.task.progress).toBeUndefined();
    });

    test('announces a coming write to readers of this process, and notifies once', async () => {
      const notified: string[] = [];
      const stored = await examined.store.create(taskOf('a', { state: 'running' }));
      examined.store.subscribe((task) => notified.push(task.state));
      examined.store.announce(stored!, taskOf('a', { state: 'succeeded' }));
      expect(examined.store.unfinishedOf('shop/web')).toEqual([]);
      expect((await examined.store.find('a'))?.version).toBe(stored?.version);
      await examined.store.update(stored!, taskOf('a', { state: 'succeeded' }));
      expect(notified).toEqual(['succeeded']);
      examined.store.announce(stored!, taskOf('a', { state: 'failed' }));
      expect((await examined.store.find('a'))?.task.state).toBe('succeeded');
    });

    test('takes back what was announced and not written, and nothing that is newer', async () => {
      const notified: string[] = [];
      const stored = await examined.store.create(taskOf('a', { state: 'running' }));
      examined.store.subscribe((task) => notified.push(task.state));
      const takeBack = examined.store.announce(stored!, taskOf('a', { state: 'succeeded' }));
      takeBack();
      expect(examined.store.unfinishedOf('shop/web').map(({ task }) => task.state)).toEqual(['running']);
      takeBack();
      expect(notified).toEqual(['succeeded', 'running']);
      const takeBackLate = examined.store.announce(stored!, taskOf('a', { state: 'succeeded' }));
      await examined.store.update(stored!, taskOf('a', { state: 'failed' }));
      takeBackLate();
      expect((await examined.store.find('a'))?.task.state).toBe('failed');
      examined.store.announce(stored!, taskOf('a', { state: 'succeeded' }))();
      expect((await examined.store.find('a'))?.task.state).toBe('failed');
    });

    test('another store over the same place knows everything once it has synced', async () => {
      await examined.store.create(taskOf('a'));
      const other = examined.reopen();
      await start(other);
      expect(other.all().map(({ task }) => task.id)).toEqual(['a']);
    });

    test('stores over the same place hear of each other, and the newest version wins', async () => {
      const other = examined.reopen();
      await start(other);
      if (other === examined.store) {
        return;
      }
      const seen = untilNotified(other, (task) => task.id === 'a');
      const stored = await examined.store.create(taskOf('a'));
      await seen;
      expect((await other.find('a'))?.version).toBe(stored?.version);
      const back = untilNotified(examined.store, (task) => task.state === 'running');
      await other.update(stored!, taskOf('a', { state: 'running' }));
      await back;
      await expect(examined.store.update(stored!, taskOf('a', { state: 'failed' }))).rejects.toThrow(TaskConflict);
      const gone = untilNotified(other, (task, removed) => task.id === 'a' && removed);
      await examined.store.remove('a');
      await gone;
      expect(other.all()).toEqual([]);
    });
  });
}
