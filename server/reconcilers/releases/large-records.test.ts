import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLiveViewStage, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';

let stage: LiveViewStage;
beforeEach(() => (stage = createLiveViewStage()));
afterEach(() => stage.stop());

const objects = (count: number) =>
  recordedRevision({
    objects: Array.from({ length: count }, (_, i) => ({
      index: i,
      source: '',
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'demo',
      name: `m${i}`,
      object: {},
    })),
  }).objects;

test('a large record that is written again and again is read as often as it is large', async () => {
  stage.write(1, 'deployed', { objects: objects(9_000) });
  await stage.start();
  stage.records.write(KEY, 1, 'deployed', 'first', 'edit 0');
  await stage.settle();
  stage.asked = [];
  for (let edit = 1; edit <= 90; edit += 1) {
    stage.records.write(KEY, 1, 'deployed', 'first', `edit ${edit}`);
    await stage.clock.advance(1_000);
    await stage.settle();
  }
  expect(stage.asked.length).toBeGreaterThan(0);
  expect(stage.asked.length).toBeLessThanOrEqual(11);
});

test('an ordinary one is read at each change', async () => {
  stage.write(1, 'deployed', { objects: objects(500) });
  await stage.start();
  for (let edit = 1; edit <= 5; edit += 1) {
    stage.records.write(KEY, 1, 'deployed', 'first', `edit ${edit}`);
    await stage.settle();
  }
  expect(stage.asked).toHaveLength(6);
});

test('smaller ones that are many are read as often as they are large together', async () => {
  const keys = Array.from({ length: 30 }, (_, i) => `demo/r${i}`);
  stage.write(1, 'deployed', { objects: objects(900) });
  await stage.start();
  stage.asked = [];
  for (let edit = 1; edit <= 30; edit += 1) {
    keys.forEach((key) => stage.records.write(key, 1, 'deployed', 'first', `edit ${edit}`));
    await stage.clock.advance(1_000);
    await stage.settle();
  }
  expect(stage.asked.length).toBeGreaterThan(30);
  expect(stage.asked.length).toBeLessThan(120);
});

test('dependencies count as objects do', async () => {
  const dependencies = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, 'db']));
  stage.write(1, 'deployed', { releaseConfig: releaseConfig({ dependencies }) });
  await stage.start();
  stage.asked = [];
  for (let edit = 1; edit <= 90; edit += 1) {
    stage.records.write(KEY, 1, 'deployed', 'first', `edit ${edit}`);
    await stage.clock.advance(100);
    await stage.settle();
  }
  expect(stage.asked.length).toBeLessThanOrEqual(30);
});

test('a record that its namespace has no room for says so, and is shown when it fits', async () => {
  stage.write(1, 'deployed', { objects: objects(60_000) });
  await stage.start();
  expect(await stage.cache.get(KEY)).toMatchObject({
    status: 'unreadable',
    description: expect.stringContaining('the releases of namespace demo are more than Walm keeps of one') as string,
  });
  stage.write(2, 'deployed');
  await stage.clock.advance(60_000);
  await stage.settle();
  expect(await stage.cached()).toBe('2 deployed');
});
