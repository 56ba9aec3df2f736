import { expect, test } from 'vitest';
import { createReleaseStage } from '../../../test/harness/fakes/release-stage.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createUnsealedCount } from '../trust/unsealed-count.ts';
import { createServerStatusTeller } from './get-server-status.ts';

function teller(stage = createReleaseStage()) {
  const state = { engine: null as string | null, heardAt: 0, leads: true, stale: false };
  const status = createServerStatusTeller({
    version: '1.2.3',
    instanceId: 'one',
    parts: [{ name: 'engine', check: () => state.engine }],
    watches: () => [{ kind: 'Pod', heardAt: state.heardAt, problem: null }],
    stale: () => state.stale,
    releases: () => ({ known: 2, ready: 1, unreadable: 0, unsealed: 0 }),
    engine: { info: () => null },
    leadership: { isLeader: () => state.leads },
    tasks: { unfinished: () => stage.tasks.unfinished(), refused: () => [{ newer: true }, { newer: false }] as never },
    clock: stage.clock,
  });
  return { state, status, stage };
}

test('a server whose parts and watches are well is, and says how long each watch has been silent', async () => {
  const { state, status, stage } = teller();
  state.heardAt = stage.clock.now();
  await stage.tasks.create(taskWith({ id: 'a' }));
  await stage.tasks.create(taskWith({ id: 'b', release: 'other', state: 'running' }));
  await stage.clock.advance(4_000);
  expect(status.tell()).toMatchObject({
    version: '1.2.3',
    instance: 'one',
    startedAt: '2026-01-01T00:00:00.000Z',
    healthy: true,
    leading: true,
    stale: false,
    watches: [{ kind: 'Pod', healthy: true, silentSec: 4 }],
    releases: { known: 2 },
    tasks: { queued: 1, running: 1, unsealed: 1, newer: 1 },
    isolation: [],
  });
});

test('one with a part that is not well is not, and says since when', async () => {
  const { state, status, stage } = teller();
  state.heardAt = stage.clock.now();
  const stop = new AbortController();
  const running = status.run(stop.signal);
  await stage.clock.advance(2_000);
  state.engine = 'it has ended';
  await stage.clock.advance(3_000);
  expect(status.tell()).toMatchObject({
    healthy: false,
    parts: [{ name: 'engine', healthy: false, message: 'it has ended', since: '2026-01-01T00:00:03.000Z' }],
  });
  stop.abort();
  await running;
});

test('releases without a valid seal are counted as long as they have none', async () => {
  const { cache, release } = createReleaseStage();
  const unsealed = createUnsealedCount(cache);
  await release({ name: 'a' });
  await release({ name: 'b' });
  expect(unsealed.count()).toBe(2);
  const record = await cache.get('shop/a');
  await cache.put({ ...record!, revision: 2, seal: { sealed: true, by: null, at: '', operation: 'adopt' } });
  await cache.remove('shop/b');
  expect(unsealed.count()).toBe(0);
});
