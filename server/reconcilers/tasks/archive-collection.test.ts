import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createArchiveCollection } from './archive-collection.ts';

test('a namespace is looked through once, some time after the last of its releases went, and only by the leader', async () => {
  const clock = createManualClock();
  const collected: (string | undefined)[] = [];
  let tell: (key: string, record: null) => void = () => undefined;
  let leading = true;
  const collection = createArchiveCollection({
    cache: {
      subscribe(listener) {
        tell = listener;
        return () => undefined;
      },
    },
    leadership: { isLeader: () => leading },
    collectArchives: (namespace) => Promise.resolve(void collected.push(namespace)),
    clock,
    random: () => 0,
    delayMs: 10_000,
    onError: (error) => {
      throw error;
    },
  });
  const stopping = new AbortController();
  const ended = collection.run(stopping.signal);

  tell('shop/web', null);
  await clock.advance(6_000);
  tell('shop/api', null);
  await clock.advance(9_000);
  expect(collected).toEqual([]);
  await clock.advance(1_000);
  expect(collected).toEqual(['shop']);

  leading = false;
  tell('shop/last', null);
  await clock.advance(20_000);
  expect(collected).toEqual(['shop']);
  stopping.abort();
  await ended;
});
