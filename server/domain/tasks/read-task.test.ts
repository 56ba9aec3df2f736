import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { readTask, writeTask } from './read-task.ts';
import type { OrderKind, Task } from './task.ts';
import { taskAtRest } from './task-at-rest.ts';

const KINDS: Record<OrderKind, true> = {
  install: true,
  upgrade: true,
  delete: true,
  restart: true,
  pause: true,
  recover: true,
  adopt: true,
  detach: true,
  rollback: true,
  hold: true,
  test: true,
  createProject: true,
  changeProject: true,
  applyProject: true,
  pauseProject: true,
  recoverProject: true,
  restartProject: true,
  deleteProject: true,
};
const kinds = Object.keys(KINDS) as OrderKind[];

/** A task as stored, with some fields replaced. */
const kept = (given: JsonObject = {}, kind: OrderKind = 'delete') => ({
  ...(JSON.parse(writeTask(taskWith({ order: orderOf(kind) }))) as JsonObject),
  ...given,
});

test.each(kinds)('a task is read back as it was written, finished or not: %s', (kind) => {
  const task = taskWith({ order: orderOf(kind), caller: person('ann', ['dev']) });
  for (const one of [task, taskAtRest({ ...task, state: 'succeeded' })]) {
    expect(readTask(JSON.parse(writeTask(one)) as JsonValue, 'a')).toEqual({ task: one });
  }
});

test('an earlier Walm leaves tasks with complete requests to a newer one, and takes all others', () => {
  const versionOf = (order: Task['order']) => (JSON.parse(writeTask(taskWith({ order }))) as { v: number }).v;
  const complete = { ...orderOf('upgrade'), complete: 'member' as const };
  expect(versionOf(orderOf('upgrade'))).toBe(1);
  expect(versionOf(complete)).toBe(2);
  const steps = [{ release: 'web', after: [], seen: 1, order: complete }];
  expect(versionOf({ kind: 'applyProject', steps, onFailure: 'stop', guarded: false })).toBe(2);
});

test('fields that this Walm does not know are kept', () => {
  expect(readTask(kept({ unheardOf: [1] }), 'a')).toMatchObject({ task: { unheardOf: [1] } });
});

describe('a task of a newer Walm is left to that one', () => {
  test.each([
    ['in another version', { v: 3 }],
    ['in a version that is none', { v: 'x'.repeat(10_000) }],
    ['in another version, and quite different', { v: 3, id: 7, order: null, state: 'dreaming' }],
    ['with an order that is not known here', { order: { kind: 'migrate' } }],
    ['with an order that is called like what every object has', { order: { kind: 'constructor' } }],
  ])('%s', (_, given) => {
    const read = readTask(kept(given), 'a');
    expect(read).toMatchObject({ newer: true, refused: expect.stringMatching(/^a newer Walm wrote it: /) });
    expect('refused' in read ? read.refused.length : 0).toBeLessThan(300);
  });
});

describe('what is not a task is refused, with the place', () => {
  test.each<[string, JsonObject, OrderKind]>([
    ['/state', { state: 'dreaming' }, 'delete'],
    ['/order', { order: null }, 'delete'],
    ['/order/kind', { order: {} }, 'delete'],
    ['/order/origin', { order: { ...orderOf('install'), origin: null } }, 'install'],
    ['/order/deletePvcs', { order: { kind: 'delete', ignoreNotFound: true } }, 'delete'],
    ['/warnings', { warnings: 'none' }, 'delete'],
    ['called otherwise', { id: 'b' }, 'delete'],
    ['no caller', { caller: 'ann' }, 'delete'],
    ['neither a release nor a project', { release: '' }, 'delete'],
  ])('%s', (place, given, kind) => {
    expect(readTask(kept(given, kind), 'a')).toMatchObject({ newer: false, refused: expect.stringContaining(place) });
  });

  test('whatever was kept, reading it does not fail', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(kept())), (value, field) => {
        expect(readTask(value as JsonValue, 'a')).toMatchObject({ refused: expect.any(String) });
        const read = readTask(kept({ [field]: value as JsonValue }), 'a');
        expect('task' in read || read.refused !== '').toBe(true);
      }),
    );
  });
});
