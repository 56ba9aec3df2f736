import { beforeEach, describe, expect, test } from 'vitest';
import { everythingAllowed } from '../../../../test/harness/fakes/everything-allowed.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import { createMemoryTaskStore } from '../../../adapters/memory/task-store.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import { createAwaitOutcome } from '../../tasks/await-outcome.ts';
import type { DeleteInput } from '../../tasks/release-mutation.ts';
import { createSubmitTask } from '../../tasks/submit-task.ts';
import { createTaskPlaces } from '../../tasks/task-places.ts';
import { createObserveRelease } from '../observe/observe-release.ts';
import { createAcceptChange } from './accept-change.ts';
import { createDeleteRelease } from './delete-release.ts';

const options = { waiting: null, requestId: 'r', caller: null, warnings: [] };
const input: DeleteInput = {
  namespace: 'shop',
  release: 'web',
  deletePvcs: false,
  ignoreNotFound: false,
  force: false,
  options,
};

let helm: MemoryHelm;
let store: TaskStore;
/** Releases that others depend on. */
let depended: string[];
let ids = 0;

beforeEach(() => {
  helm = createMemoryHelm(createManualClock());
  store = createMemoryTaskStore();
  depended = [];
});

/** Accepts a delete with all parts involved, while no replica executes tasks. */
function accept(changes: Partial<DeleteInput> = {}) {
  const acceptChange = createAcceptChange({
    observeRelease: createObserveRelease({ engine: helm }),
    cache: createMemoryReleaseCache(),
    store,
    clock: createManualClock(),
    submitTask: createSubmitTask({
      systemNamespace: 'walm-system',
      store,
      authorization: everythingAllowed,
      places: createTaskPlaces({ store, perNamespace: 100, perCaller: 100 }),
      starter: { reserve: () => null },
      clock: createManualClock(),
      newId: () => `id-${(ids += 1)}`,
    }),
    awaitOutcome: createAwaitOutcome({
      waitForTask: ({ task }) => Promise.resolve({ ...task, state: 'succeeded' }),
      awaitCacheCatchUp: () => Promise.resolve(),
    }),
  });
  const deleteRelease = createDeleteRelease({
    acceptChange,
    refuseDependents: async (keys) => {
      if (keys.some((key) => depended.includes(key))) {
        throw problem('RELEASE_HAS_DEPENDENTS', 'others depend on it');
      }
    },
  });
  return deleteRelease({ ...input, ...changes }, new AbortController().signal);
}

const accepted = () => store.all().map(({ task }) => task);

describe('a change of a release', () => {
  test('is a task before it is answered, and who waits is answered with its end', async () => {
    helm.write('shop', 'web', 1, 'deployed');
    expect(await accept()).toMatchObject({ finished: false, task: { operation: 'delete', state: 'queued' } });
    expect(accepted()).toMatchObject([{ release: 'web', order: { kind: 'delete' }, state: 'queued' }]);
    expect(await accept({ options: { ...options, waiting: {} } })).toMatchObject({
      finished: true,
      task: { state: 'succeeded' },
    });
  });

  test('that does not exist, or not any more, is refused, or nothing to do', async () => {
    await expect(accept()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    helm.write('shop', 'web', 1, 'uninstalled');
    await expect(accept()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect(await accept({ ignoreNotFound: true })).toEqual({ task: null, finished: true, warnings: [] });
    expect(accepted()).toEqual([]);
  });

  test('that is at another revision than expected is refused, unless an operation is under way', async () => {
    helm.write('shop', 'web', 1, 'superseded');
    helm.write('shop', 'web', 2, 'deployed');
    const old = { options: { ...options, expectedRevision: 1 } };
    await expect(accept(old)).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect(accepted()).toEqual([]);
    helm.write('shop', 'web', 3, 'pending-upgrade');
    expect(await accept(old)).toMatchObject({ task: { state: 'queued' } });
    expect(accepted()).toMatchObject([{ expectedRevision: 1 }]);
  });

  test('is judged by its task while others are left, and where it may be a repetition', async () => {
    helm.write('shop', 'web', 1, 'deployed');
    await accept();
    const old = { options: { ...options, expectedRevision: 7 } };
    expect(await accept(old)).toMatchObject({ task: { state: 'queued' } });
    const keyed = { release: 'gone', options: { ...options, idempotencyKey: 'k' } };
    const first = await accept(keyed);
    expect(await accept(keyed)).toEqual(first);
    await expect(accept({ ...keyed, deletePvcs: true })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});
