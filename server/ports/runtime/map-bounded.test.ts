import { expect, test } from 'vitest';

import { mapBounded } from './map-bounded.ts';

test('results are in the order of the items, and no more calls are in flight than allowed', async () => {
  let inFlight = 0;
  let most = 0;
  const doubled = await mapBounded([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    for (let turn = item % 3; turn >= 0; turn -= 1) await Promise.resolve();
    inFlight -= 1;
    return 2 * item;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most).toBe(3);
});

test('a call that fails is the failure of all, and no further ones are made', async () => {
  const called: number[] = [];
  const failing = mapBounded([1, 2, 3, 4], 2, async (item) => {
    called.push(item);
    if (item === 2) throw new Error('no');
    return item;
  });
  await expect(failing).rejects.toThrow('no');
  expect(called).toEqual([1, 2]);
});
