import { expect, test } from 'vitest';
import { jobsHere } from '../../../test/harness/fakes/jobs-here.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMasker, NO_SECRETS } from '../../domain/masking/masker.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createFormerSecrets } from './former-secrets.ts';
import type { RecordMark } from '../../domain/indexes/helm-record-index.ts';

const KEY = 'demo/web';
const secret = (text: string) => createMasker([{ text }]);
const mark = (revision: number, uid = `u${revision}`): RecordMark => ({
  revision,
  status: 'superseded',
  uid,
  resourceVersion: '1',
});
const schemas: HelmRelease['schemas'] = [
  { path: [], schema: { properties: { password: { type: 'string', writeOnly: true } } } },
];

/** Knowledge of a release whose revisions have a password each; `asked` are the revisions that were read. */
function stage(passwords: Record<number, string>, given: (revision: number) => Partial<HelmRelease> = () => ({})) {
  const asked: number[] = [];
  const former = createFormerSecrets({
    findSecrets: jobsHere.findSecrets,
    readRevision(_key, revision) {
      asked.push(revision);
      const password = passwords[revision];
      const computedValues = { password: password ?? '' };
      const read = recordedRevision({ revision, computedValues, schemas, ...given(revision) });
      return Promise.resolve(password === undefined ? null : read);
    },
  });
  return { former, asked };
}

test('what was secret in any kept revision is hidden once it is known, each read once', async () => {
  const { former, asked } = stage({ 1: 'first-secret', 2: 'second-secret' });
  former.note(KEY, { revision: 3, uid: 'u3' }, secret('third-secret'));
  const kept = [mark(1), mark(2), mark(3)];
  expect(await former.complete(KEY, kept)).toBe(true);
  expect(asked).toEqual([2, 1]);
  expect(former.with(KEY, NO_SECRETS).text('first-secret second-secret third-secret')).toBe('*** *** ***');
  expect(await former.complete(KEY, kept)).toBe(false);
  expect(asked).toEqual([2, 1]);
});

test('one that took the place of another under its number is read again', async () => {
  const { former, asked } = stage({ 1: 'other-secret' });
  former.note(KEY, { revision: 1, uid: 'u1' }, secret('first-secret'));
  former.note(KEY, { revision: 2, uid: 'u2' }, secret('second-secret'));
  expect(await former.complete(KEY, [mark(1, 'another'), mark(2)])).toBe(true);
  expect(asked).toEqual([1]);
  expect(former.with(KEY, NO_SECRETS).text('other-secret')).toBe('***');
});

test('the revision before counts while its objects may be there, kept or not; earlier ones go with their records', async () => {
  const { former } = stage({});
  former.note(KEY, { revision: 1, uid: 'u1' }, secret('first-secret'));
  former.note(KEY, { revision: 2, uid: 'u2' }, secret('second-secret'));
  former.note(KEY, { revision: 3 }, secret('third-secret'));
  await former.complete(KEY, [mark(3)]);
  expect(former.with(KEY, NO_SECRETS).text('first-secret second-secret third-secret')).toBe('first-secret *** ***');
  former.forget(KEY);
  expect(former.with(KEY, secret('own-secret')).text('third-secret own-secret')).toBe('third-secret ***');
});

test('what is gone or says nothing new changes nothing', async () => {
  const { former } = stage({ 1: 'same-secret' });
  former.note(KEY, { revision: 3, uid: 'u3' }, secret('same-secret'));
  expect(await former.complete(KEY, [mark(1), mark(2), mark(3)])).toBe(false);
});

test('what Walm masked in a later revision tells what is secret in one of plain Helm', async () => {
  const { former } = stage({ 1: 'first-secret', 2: 'second-secret' }, (revision) => ({
    schemas: [],
    ...(revision === 2 && { releaseConfig: releaseConfig({ configValues: { password: '***' } }) }),
  }));
  expect(await former.complete(KEY, [mark(1), mark(2)])).toBe(true);
  expect(former.with(KEY, NO_SECRETS).text('first-secret second-secret')).toBe('*** ***');
});
