import { expect, test } from 'vitest';
import { RELEASES } from '../../../../contract/schemas/access.ts';
import { questionOf } from '../../../domain/access/access-question.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { asKubeObject } from '../../../domain/kube/kube-object.ts';
import { createKubeAccessReviews } from './access-reviews.ts';
import { KubeApiError } from '../client/kube-api-error.ts';
import { person } from '../../../../test/harness/fakes/person.ts';

const away = () => Promise.reject(new Error('nobody asked for this'));
const answering = (status: JsonObject) =>
  createKubeAccessReviews({ kube: { create: () => Promise.resolve(asKubeObject({ status })), get: away } });
const failing = (error: Error) =>
  createKubeAccessReviews({ kube: { create: () => Promise.reject(error), get: () => Promise.reject(error) } });
const question = questionOf({ verb: 'get', ...RELEASES }, 'demo', 'web');

test.each<JsonObject>([
  {},
  { authenticated: false, user: { username: 'ann' } },
  { authenticated: true },
  { authenticated: true, user: { username: '' } },
  { authenticated: true, user: { username: 'system:anonymous', groups: ['system:unauthenticated'] } },
  { authenticated: true, user: { username: 'ann', groups: [''] } },
])('nobody comes of %j', async (status) => {
  expect(await answering(status).identify('token')).toBeNull();
});

test('uid and extra of a caller are part of every review', async () => {
  const asked: object[] = [];
  const user = { username: 'ann', groups: ['dev'], uid: 'u-1', extra: { 'example.org/scopes': ['read'], none: [] } };
  const kube = {
    get: away,
    create: (_path: string, body: object) => {
      asked.push(body);
      return Promise.resolve(asKubeObject({ status: { authenticated: true, user } }));
    },
  };
  const reviews = createKubeAccessReviews({ kube });
  const caller = await reviews.identify('token');
  expect(caller).toEqual({ user: 'ann', groups: ['dev'], uid: 'u-1', extra: { 'example.org/scopes': ['read'] } });
  await reviews.allows(caller!, question);
  expect(asked[1]).toMatchObject({
    kind: 'SubjectAccessReview',
    spec: { user: 'ann', groups: ['dev'], uid: 'u-1', extra: { 'example.org/scopes': ['read'] } },
  });
});

test('a denied right stays denied, even if another authorizer allows it', async () => {
  const ann = person('ann');
  expect(await answering({ allowed: true }).allows(ann, question)).toBe(true);
  expect(await answering({ allowed: true, denied: true }).allows(ann, question)).toBe(false);
  expect(await answering({}).allows(ann, question)).toBe(false);
});

test.each([
  new KubeApiError(0, 'Unreachable', 'no connection'),
  new KubeApiError(403, 'Forbidden', 'walm may not create tokenreviews: secret-token'),
  new KubeApiError(422, 'Invalid', 'secret-token is too long'),
])('no answer is not a judgement: $reason', async (error) => {
  const asked = failing(error).identify('secret-token');
  await expect(asked).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  await expect(asked).rejects.not.toThrow('secret-token');
});

test('a service account that is gone, or going, has no UID; what cannot be looked at is no answer', async () => {
  const account = { namespace: 'demo', name: 'robot' };
  const being = (metadata: JsonObject) =>
    createKubeAccessReviews({ kube: { create: away, get: () => Promise.resolve(asKubeObject({ metadata })) } });
  expect(await being({ name: 'robot', uid: 'u-1' }).accountUid(account)).toBe('u-1');
  expect(
    await being({ name: 'robot', uid: 'u-1', deletionTimestamp: '2026-01-01T00:00:00Z' }).accountUid(account),
  ).toBe(null);
  const status = (code: number) => new KubeApiError(code, 'Refused', 'no');
  expect(await failing(status(404)).accountUid(account)).toBeNull();
  await expect(failing(status(403)).accountUid(account)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});
