import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PropagationStage, startPropagationStage } from '../../../test/harness/fakes/propagation-stage.ts';

let stage: PropagationStage;
beforeEach(() => void (stage = startPropagationStage()));
afterEach(() => stage.stop());

test('of a diamond each release is upgraded once, the last one when the others have settled', async () => {
  await stage.publish('top', 'a');
  stage.published.set('demo/left', 'a').set('demo/right', 'a');
  await stage.write('left', ['top']);
  await stage.write('right', ['top']);
  await stage.write('bottom', ['left', 'right']);
  await stage.publish('top', 'b');
  expect(stage.queued()).toEqual(['left: top outputs changed: it', 'right: top outputs changed: it']);
  stage.published.set('demo/left', 'b');
  await stage.write('left', ['top']);
  await stage.end('left');
  await stage.clock.advance(1_000);
  expect(stage.queued()).toEqual(['right: top outputs changed: it']);
  stage.published.set('demo/right', 'b');
  await stage.write('right', ['top']);
  await stage.end('right');
  await stage.clock.advance(1_000);
  expect(stage.queued()).toEqual(['bottom: left outputs changed: it; right outputs changed: it']);
});

test('of a thousand dependents each is upgraded once, and a thousand unrelated releases are not looked at', async () => {
  await stage.publish('zk', 'a');
  const names = Array.from({ length: 1_000 }, (_, index) => `ka-${index}`);
  for (const name of names) {
    await stage.write(name, ['zk']);
    await stage.write(`alone-${name}`);
  }
  stage.looked = [];
  stage.published.set('demo/zk', 'b');
  let before: number | undefined;
  const stopTelling = stage.store.subscribe(() => (before ??= stage.looked.length));
  await stage.write('zk');
  await stage.injection.drain();
  stopTelling();
  // The first one does not wait until all have been looked at.
  expect(before).toBeLessThan(50);
  expect(stage.queued()).toHaveLength(1_000);
  expect(new Set(stage.looked)).toEqual(new Set(['demo/zk']));
  await stage.publish('zk', 'c');
  expect(stage.queued()).toHaveLength(1_000);
});

test('a release without dependencies and dependents causes no work', async () => {
  await stage.publish('alone', 'a');
  await stage.publish('alone', 'b');
  expect(stage.looked).toEqual([]);
});
