import { describe, expect, test } from 'vitest';
import { RELEASES } from '../../../contract/schemas/access.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { createAuthorization } from './authorization.ts';
import { onlySeen, seenAmong } from './visible-namespaces.ts';
import { person } from '../../../test/harness/fakes/person.ts';

const ann = person('ann', ['dev']);
const change = { namespace: 'demo', release: 'web', order: { kind: 'rollback', revision: 1 } } as const;

function stage(...rights: string[]) {
  const clock = createManualClock();
  const reviews = createMemoryAccessReviews([{ ...ann, token: 't', rights }]);
  return { clock, reviews, access: createAuthorization({ reviews, clock }) };
}

test('a right that is there is asked for once in three seconds', async () => {
  const { clock, reviews, access } = stage('update demo');
  await access.demandRelease(ann, 'update', 'demo/web');
  await access.demandRelease(ann, 'update', 'demo/web');
  expect(reviews.asked).toBe(1);
  reviews.users[0] = { ...ann, token: 't', rights: [] };
  await clock.advance(3_000);
  await expect(access.demandRelease(ann, 'update', 'demo/web')).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('what was allowed a full token is not remembered for one that is limited', async () => {
  const { reviews, access } = stage('update demo');
  await access.demandRelease(ann, 'update', 'demo/web');
  for (const other of [
    { ...ann, extra: { scopes: ['read'] } },
    { ...ann, uid: 'u-2' },
  ]) {
    const { asked } = reviews;
    await access.demandRelease(other, 'update', 'demo/web');
    expect(reviews.asked).toBe(asked + 1);
  }
});

test('what was allowed one is not allowed another, nor the same user in other groups', async () => {
  const { access } = stage('update demo');
  await access.demandRelease(ann, 'update', 'demo/web');
  await expect(access.demandRelease(person('bob', ['dev']), 'update', 'demo/web')).rejects.toThrow('"bob"');
});

test('a refusal names what is missing', async () => {
  const { access } = stage('get demo');
  const questions = [
    questionOf({ verb: 'get', ...RELEASES }, 'demo', 'web'),
    questionOf({ verb: 'list', group: '', resource: 'secrets' }, 'demo'),
  ];
  await expect(access.demand(ann, questions)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: 'user "ann" cannot list secrets in the namespace "demo"',
    details: { user: 'ann', verb: 'list', resource: 'secrets', namespace: 'demo' },
  });
});

test('the rights of a task are checked again on request', async () => {
  const { reviews, access } = stage('update demo');
  await access.demandRelease(ann, 'update', 'demo/web');
  reviews.users[0] = { ...ann, token: 't', rights: [] };
  await access.demandTask({ ...change, caller: ann });
  await expect(access.demandTask({ ...change, caller: ann }, true)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('Walm itself is not asked about', async () => {
  const { reviews, access } = stage();
  await access.demandTask({ ...change, caller: null }, true);
  await access.demandRelease(null, 'delete', 'demo/web');
  expect(access.visibleTo(null)).toBeNull();
  expect(reviews.asked).toBe(0);
});

test('what ConfigMaps hold, and what Helm recorded, is for those who may read it', async () => {
  const { access } = stage('get configmaps demo', 'list secrets other');
  expect(access.contentOf(null)).toBeNull();
  const content = access.contentOf(ann);
  expect(await content?.readsConfigMaps('demo')).toBe(true);
  expect(await content?.readsConfigMaps('other')).toBe(false);
  expect(await content?.readsRecords('demo')).toBe(false);
  expect(await content?.readsRecords('other')).toBe(true);
});

test('one sees the namespaces that one may list', async () => {
  const { access } = stage('list demo', 'list other');
  const visible = access.visibleTo(ann);
  expect(await seenAmong(visible, ['demo', 'hidden', 'other', 'demo'])).toEqual(new Set(['demo', 'other']));
  expect(await onlySeen(visible, [{ namespace: 'hidden' }, { namespace: 'demo' }])).toEqual([{ namespace: 'demo' }]);
});

test('who may list everything is asked about once, however many namespaces there are', async () => {
  const { reviews, access } = stage('list *');
  const many = Array.from({ length: 100 }, (_, i) => `n-${i}`);
  expect(await seenAmong(access.visibleTo(ann), many)).toBeNull();
  expect(reviews.asked).toBe(1);
});

describe('a service account', () => {
  const robot = { ...person('system:serviceaccount:demo:robot'), uid: 'u-1' };
  const open = () => {
    const clock = createManualClock();
    const reviews = createMemoryAccessReviews([{ ...robot, token: 't', rights: ['*'] }]);
    return { clock, reviews, access: createAuthorization({ reviews, clock }) };
  };
  const GONE = { code: 'FORBIDDEN', message: expect.stringContaining('no longer exists') };

  test('that was deleted may nothing, though bindings still name it', async () => {
    const { clock, reviews, access } = open();
    await access.demandRelease(robot, 'update', 'demo/web');
    reviews.users.length = 0;
    // A starting task does not rely on a review that is a moment old.
    await expect(access.demandTask({ ...change, caller: robot }, true)).rejects.toMatchObject(GONE);
    await clock.advance(3_000);
    const update = questionOf({ verb: 'update', ...RELEASES }, 'demo', 'web');
    await expect(access.demand(robot, [])).rejects.toMatchObject(GONE);
    await expect(access.demand(robot, [update])).rejects.toMatchObject({ ...GONE, details: { verb: 'update' } });
    await expect(access.demandSome(robot, [update])).rejects.toMatchObject(GONE);
    await expect(access.demandRelease(robot, 'update', 'demo/web')).rejects.toMatchObject(GONE);
    expect(await access.may(robot, update)).toBe(false);
    expect(await access.visibleTo(robot)?.isEverything()).toBe(false);
    expect(await access.contentOf(robot)?.readsRecords('demo')).toBe(false);
  });

  test('does not lend its name to the one that comes after it', async () => {
    const { clock, reviews, access } = open();
    await access.demand(robot, []);
    reviews.users[0] = { ...robot, uid: 'u-2', token: 't', rights: ['*'] };
    await clock.advance(3_000);
    await expect(access.demandRelease(robot, 'update', 'demo/web')).rejects.toMatchObject(GONE);
    // A caller known only by name is the account that has the name now.
    await access.demandRelease({ ...robot, uid: '' }, 'update', 'demo/web');
  });
});
