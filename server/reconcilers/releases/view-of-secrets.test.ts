import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLiveViewStage, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../domain/errors/problem-error.ts';

const schemas = [{ path: [], schema: { properties: { password: { writeOnly: true } } } }];
const of = (password: string) => ({ schemas, computedValues: { password } });

let stage: LiveViewStage;
beforeEach(() => (stage = createLiveViewStage()));
afterEach(() => stage.stop());

const masked = async (text: string) => (await stage.cache.get(KEY))?.masker.text(text);

test('the secrets of earlier revisions are masked once the newest revisions of all releases have been read', async () => {
  stage.write(1, 'superseded', of('first-secret'));
  stage.write(2, 'superseded', of('second-secret'));
  stage.write(3, 'deployed', of('third-secret'));
  await stage.start();
  expect(await masked('third-secret')).toBe('***');
  await stage.settle();
  expect(await masked('first-secret second-secret third-secret')).toBe('*** *** ***');
  stage.write(4, 'deployed', of('fourth-secret'));
  await stage.settle();
  expect(await masked('first-secret third-secret fourth-secret')).toBe('*** *** ***');
  expect(stage.asked).toEqual(['3', '2', '1', '4']);
});

test('a release that goes while its earlier revisions are read leaves no secret to the next one of its name', async () => {
  stage.write(1, 'superseded', of('first-secret'));
  stage.write(2, 'superseded', of('second-secret'));
  stage.write(3, 'deployed', of('third-secret'));
  stage.beforeAnswer = async () => {
    if (stage.asked.length === 3) {
      [1, 2, 3].forEach((revision) => stage.records.remove(KEY, revision));
      while ((await stage.cached()) !== undefined) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await stage.start();
  await stage.settle();
  expect([stage.asked, await stage.cached()]).toEqual([['3', '2', '1'], undefined]);
  stage.write(1, 'deployed', of('next-secret'));
  await stage.settle();
  const all = 'first-secret second-secret third-secret next-secret';
  expect(await masked(all)).toBe('first-secret second-secret third-secret ***');
});

test('an unreadable earlier revision masks nothing and stops nothing', async () => {
  stage.unreadable.set(1, problem('RELEASE_UNREADABLE', 'it has no info'));
  stage.write(1, 'superseded');
  stage.write(2, 'superseded', of('second-secret'));
  stage.write(3, 'deployed');
  await stage.start();
  await stage.settle();
  expect(await masked('second-secret')).toBe('***');
  expect(stage.problems).toEqual([]);
});

test('a record whose secrets would take too long to search for is unreadable, and read once', async () => {
  const data = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`k${i}`, btoa(`secret-number-${i}`)]));
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'demo', name: 'all' };
  const outputConfig = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`o${i}`, `text ${i}`]));
  stage.write(1, 'deployed', {
    objects: [{ index: 0, source: '', ...secret, object: { ...secret, data } }],
    releaseConfig: releaseConfig({ outputConfig }),
  });
  await stage.start();
  await stage.settle();
  expect(await stage.cached()).toBe('1 unreadable');
  expect((await stage.cache.get(KEY))?.description).toContain('what is secret');
  expect([stage.asked, stage.problems]).toEqual([['1'], []]);
});

test('the label `uninstalled` alone does not hide a release', async () => {
  const reason = 'its label status says "uninstalled", and it says deployed itself';
  stage.unreadable.set(2, problem('RELEASE_UNREADABLE', 'the long sentence', { reason }));
  stage.write(1, 'deployed');
  stage.records.write(KEY, 2, 'uninstalled');
  await stage.start();
  await stage.settle();
  expect(await stage.cache.get(KEY)).toMatchObject({ revision: 2, status: 'unreadable', description: reason });
  stage.records.remove(KEY, 2);
  await stage.settle();
  expect(await stage.cached()).toBe('1 deployed');
});
