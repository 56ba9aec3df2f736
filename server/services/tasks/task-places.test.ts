import { expect, test } from 'vitest';
import { stagedTask as taskOf } from '../../../test/harness/fakes/runner-stage.ts';
import { person } from '../../../test/harness/fakes/person.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { createTaskPlaces } from './task-places.ts';

const ann = person('ann', []);
const refused = expect.objectContaining({ code: 'TOO_MANY_TASKS', status: 429 }) as Error;

function stage() {
  const store = createMemoryTaskStore();
  return { store, places: createTaskPlaces({ store, perNamespace: 2, perCaller: 3 }) };
}

test('a namespace has so many places for what is asked for, those on their way included', async () => {
  const { store, places } = stage();
  const first = await store.create(taskOf('1', 'web'));
  const arrived = places.take({ namespace: 'shop', caller: ann });
  expect(() => places.take({ namespace: 'shop', caller: ann })).toThrow(refused);
  expect(places.take({ namespace: 'other', caller: ann })).toBeTypeOf('function');
  arrived();
  expect(places.take({ namespace: 'shop', caller: ann })).toBeTypeOf('function');
  expect(() => places.take({ namespace: 'shop', caller: ann })).toThrow(refused);
  await store.update(first!, { ...first!.task, state: 'failed' });
  expect(places.take({ namespace: 'shop', caller: null })).toBeTypeOf('function');
});

test('a caller has so many places in all namespaces together, and another one has their own', () => {
  const { places } = stage();
  for (const namespace of ['a', 'b', 'c']) {
    places.take({ namespace, caller: ann });
  }
  expect(() => places.take({ namespace: 'd', caller: ann })).toThrow(refused);
  expect(places.take({ namespace: 'd', caller: person('bob', []) })).toBeTypeOf('function');
});

test('what follows a provider, and the parts of a project, take no place', async () => {
  const { store, places } = stage();
  const { order } = taskOf('0', 'web');
  const upgrade = { ...order, kind: 'upgrade', cause: 'zk changed', request: {} } as unknown as typeof order;
  await store.create({ ...taskOf('1', 'web'), order: upgrade });
  await store.create({ ...taskOf('2', ''), project: 'p' });
  await store.create(taskOf('2-1', 'a'));
  await store.create(taskOf('2-2', 'b'));
  expect(places.take({ namespace: 'shop', caller: ann })).toBeTypeOf('function');
  expect(() => places.take({ namespace: 'shop', caller: ann })).toThrow(refused);
});
