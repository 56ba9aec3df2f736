import { expect, test } from 'vitest';
import { createReleaseStage } from '../../../../test/harness/fakes/release-stage.ts';
import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { createFindDeployed } from './find-deployed.ts';
import { createWatchRelease } from './watch-release.ts';

test('who watches a release is told of its changes and of the end of its tasks, of no other, and not afterwards', async () => {
  const { tasks } = createReleaseStage();
  const listeners = new Set<(after: { status: { key: ReleaseKey } }) => void>();
  const statuses = {
    subscribe(listener: (after: { status: { key: ReleaseKey } }) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const change = (key: ReleaseKey) => listeners.forEach((tell) => tell({ status: { key } }));
  let reported = 0;
  const stop = createWatchRelease({ statuses, store: tasks })('shop/web', () => (reported += 1));
  change('shop/web');
  change('shop/other');
  expect(reported).toBe(1);
  await tasks.create(taskWith({ id: 'a' }));
  await tasks.create(taskWith({ id: 'b', release: 'other', state: 'succeeded' }));
  expect(reported).toBe(1);
  const stored = (await tasks.find('a'))!;
  await tasks.update(stored, { ...stored.task, state: 'succeeded' });
  expect(reported).toBe(2);
  stop();
  change('shop/web');
  await tasks.create(taskWith({ id: 'c', state: 'failed' }));
  expect(reported).toBe(2);
});

test('what is deployed is what was applied; what was never applied, or cannot be read, is not', async () => {
  const { cache, release } = createReleaseStage();
  const findDeployed = createFindDeployed({ cache });
  await release({ name: 'web', revision: 3 });
  await release({ name: 'new', status: 'pending-install' });
  await release({ name: 'failed', status: 'failed' });
  expect(await findDeployed('shop/web')).toMatchObject({ revision: 3 });
  for (const name of ['new', 'failed', 'none']) expect(await findDeployed(`shop/${name}`)).toBeNull();
  const record = await cache.get('shop/web');
  await cache.put({ ...record!, status: 'unreadable' });
  expect(await findDeployed('shop/web')).toBeNull();
});
