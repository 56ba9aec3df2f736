import { expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { createAuthorization } from '../access/authorization.ts';
import { createGetTask } from './get-task.ts';

const tests = {
  revision: 1,
  passed: false,
  failed: ['probe'],
  tests: ['printed something', ''].map((log) => ({
    name: 'probe',
    kind: 'Pod',
    phase: 'Failed',
    startedAt: '',
    completedAt: '',
    message: '',
    log,
  })),
};

async function logsFor(caller: Caller | null): Promise<unknown> {
  const store = createMemoryTaskStore();
  await store.create(taskWith({ id: 'a', state: 'succeeded', tests }));
  const reader = { uid: '', groups: [], extra: {}, token: '' };
  const reviews = createMemoryAccessReviews([
    { ...reader, user: 'ann', rights: ['get shop', 'get pods/log shop'] },
    { ...reader, user: 'eve', rights: ['get shop', 'get pods/log lab'] },
  ]);
  const authorization = createAuthorization({ reviews, clock: { now: () => 0 } });
  const task = await createGetTask({ store, authorization })('a', caller);
  return task.tests?.tests.map(({ log }) => log);
}

test('logs of tests are for those who may read the logs of pods in that namespace', async () => {
  expect(await logsFor(person('ann'))).toEqual(['printed something', '']);
  expect(await logsFor(null)).toEqual(['printed something', '']);
  expect(await logsFor(person('eve'))).toEqual([
    '(not shown: user "eve" cannot get pods/log in the namespace "shop")\n',
    '',
  ]);
});
