import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createTaskPlaces } from './task-places.ts';
import { createSubmitTask, type Submission } from './submit-task.ts';
import { person } from '../../../test/harness/fakes/person.ts';

const options = { waiting: {}, requestId: 'r', caller: null, warnings: [] };
const seen = { history: [], ownConfig: null };
let store: TaskStore;
let calls: string[];
let clock: ReturnType<typeof createManualClock>;

function submission(changes: Partial<Submission> = {}): Submission {
  return {
    namespace: 'shop',
    release: 'web',
    order: { kind: 'delete', deletePvcs: false, ignoreNotFound: false },
    warnings: [],
    options,
    seen,
    revision: 3,
    ...changes,
  };
}

function submitter(idle: boolean, holds = () => true) {
  const reservation = { holds, start: () => calls.push('start'), cancel: () => calls.push('cancel') };
  let ids = 0;
  return createSubmitTask({
    systemNamespace: 'walm-system',
    store,
    authorization: everythingAllowed,
    places: createTaskPlaces({ store, perNamespace: 100, perCaller: 100 }),
    starter: { reserve: () => (idle ? reservation : null) },
    clock,
    newId: () => `id-${(ids += 1)}`,
  });
}

beforeEach(() => {
  store = createMemoryTaskStore();
  calls = [];
  clock = createManualClock();
});

test('a task that can start at once is written once, as running, with the revision it writes', async () => {
  const { task } = await submitter(true)(submission());
  expect(task).toMatchObject({ id: 'id-1', order: { kind: 'delete' }, state: 'running', attempt: 1, revision: 3 });
  expect(calls).toEqual(['start']);
});

test('a task that cannot start is queued, and owns no revision yet', async () => {
  const { task } = await submitter(false)(submission());
  expect(task).toMatchObject({ state: 'queued', attempt: 0 });
  expect(task.revision).toBeUndefined();
});

test('an archive that cannot be kept leaves no task behind', async () => {
  const keepArchive = () => Promise.reject(new Error('no room'));
  await expect(submitter(true)(submission({ keepArchive }))).rejects.toThrow('no room');
  expect(store.all()).toEqual([]);
  expect(calls).toEqual(['cancel']);
});

test.each([null, problem('CLUSTER_UNREACHABLE', 'away')])(
  'the release is held until a task whose archive cannot be kept is gone, or nobody knows: %s',
  async (failure) => {
    const real = store;
    store = {
      ...real,
      async withdraw(stored) {
        calls.push('withdraw');
        await (failure === null ? real.withdraw(stored) : Promise.reject(failure));
      },
    };
    const keepArchive = () => Promise.reject(new Error('no room'));
    await expect(submitter(true)(submission({ keepArchive }))).rejects.toThrow(failure?.message ?? 'no room');
    expect(calls).toEqual(['withdraw', 'cancel']);
  },
);

test('a task whose archive cannot be kept stays accepted if another replica has started it', async () => {
  async function keepArchive(): Promise<boolean> {
    // The task is written in the meantime.
    while (store.all().length === 0) await Promise.resolve();
    const [created] = store.all();
    await store.update(created!, { ...created!.task, attempt: 2 });
    throw new Error('no room');
  }
  await submitter(true)(submission({ keepArchive }));
  expect(store.all().map(({ task }) => task.attempt)).toEqual([2]);
  expect(calls).toEqual(['cancel']);
});

test('a task says that it starts when its archive is kept, and only while the lead is held', async () => {
  const keyed = { ...options, idempotencyKey: 'k' };
  const slow = async (): Promise<boolean> => {
    await clock.advance(5_000);
    return true;
  };
  const before = clock.now();
  const { task } = await submitter(true)(submission({ options: keyed, keepArchive: slow }));
  expect(Date.parse(task.startedAt ?? '') - before).toBe(5_000);
  let leads = true;
  const lost = async (): Promise<boolean> => {
    leads = false;
    return true;
  };
  const other = { ...options, idempotencyKey: 'other' };
  const queued = await submitter(true, () => leads)(submission({ release: 'api', options: other, keepArchive: lost }));
  expect(queued.task).toMatchObject({ state: 'queued', attempt: 0 });
  expect(queued.task.startedAt).toBeUndefined();
  expect(calls).toEqual(['start', 'cancel']);
});

test('an archive is kept before others can see the task that needs it', async () => {
  const keepArchive = () => {
    calls.push(`archive before ${store.all().length} tasks`);
    return Promise.resolve(true);
  };
  await submitter(false)(submission({ keepArchive }));
  expect(calls).toEqual(['archive before 0 tasks']);
});

test('a task that a repetition of its request can find is created only once it can run', async () => {
  const keyed = { ...options, idempotencyKey: 'k' };
  let seenBefore = 0;
  store = { ...store, withdraw: () => Promise.reject(new Error('a task that may have been returned is gone')) };
  const keepArchive = async (): Promise<boolean> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    seenBefore = store.all().length;
    throw new Error('no room');
  };
  await expect(submitter(true)(submission({ keepArchive, options: keyed }))).rejects.toThrow('no room');
  expect([seenBefore, store.all().length]).toEqual([0, 0]);
  expect(calls).toEqual(['cancel']);
});

test.each([true, false])('a task that is too large is refused before its archive is written: %s', async (idle) => {
  store = { ...store, refuseTooLarge: () => Promise.reject(problem('BODY_TOO_LARGE', 'too large')) };
  const keepArchive = () => {
    calls.push('keep');
    return Promise.resolve(true);
  };
  await expect(submitter(idle)(submission({ keepArchive }))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
  expect(calls).toEqual([]);
});

test("nothing is changed in Walm's own namespace", async () => {
  await expect(submitter(true)(submission({ namespace: 'walm-system' }))).rejects.toMatchObject({
    code: 'NAMESPACE_RESERVED',
  });
  expect(store.all()).toEqual([]);
});

describe('an Idempotency-Key', () => {
  const keyed = { ...options, idempotencyKey: 'once' };

  test('answers a repetition with the first task, also when both arrive together', async () => {
    const submit = submitter(true);
    const [first, second] = await Promise.all([
      submit(submission({ options: keyed })),
      submit(submission({ options: { ...keyed, requestId: 'other' } })),
    ]);
    expect(second.task.id).toBe(first.task.id);
    expect(store.all()).toHaveLength(1);
    expect(calls.toSorted()).toEqual(['cancel', 'start']);
  });

  test('refuses another request', async () => {
    const submit = submitter(false);
    await submit(submission({ options: keyed }));
    const other = submission({ options: keyed, order: { kind: 'delete', deletePvcs: true, ignoreNotFound: false } });
    await expect(submit(other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test.each([
    ['another namespace', { namespace: 'other', options: keyed }],
    ['another caller', { options: { ...keyed, caller: person('ann') } }],
    ['a limited token', { options: { ...keyed, caller: { ...person('ann'), extra: { scopes: ['read'] } } } }],
  ])('of %s is another key', async (_, changes) => {
    const submit = submitter(false);
    await submit(submission({ options: keyed }));
    await submit(submission(changes));
    expect(store.all()).toHaveLength(2);
  });
});

describe('a task that was written without an answer', () => {
  /** The store, whose write of a new task is answered by a broken connection; `made` is what stands there then. */
  function losing(made: (task: Task) => Task | null): void {
    const real = store;
    store = {
      ...real,
      async create(task) {
        const left = made(task);
        if (left !== null) await real.create(left);
        throw problem('CLUSTER_UNREACHABLE', 'no answer');
      },
    };
  }

  test('is carried out where it is there, and its release was held', async () => {
    losing((task) => task);
    expect((await submitter(true)(submission())).task).toMatchObject({ id: 'id-1', state: 'running' });
    expect(calls).toEqual(['start']);
  });

  test('is not where it is not there, and where others carry it out the release is theirs', async () => {
    losing(() => null);
    await expect(submitter(true)(submission())).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    store = createMemoryTaskStore();
    losing((task) => ({ ...task, attempt: 2 }));
    expect((await submitter(true)(submission())).task).toMatchObject({ attempt: 2 });
    expect(calls).toEqual(['cancel', 'cancel']);
  });

  test('is left to whoever leads where its release was not held', async () => {
    losing((task) => task);
    await expect(submitter(false)(submission())).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  });
});
