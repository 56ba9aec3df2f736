import { expect, test } from 'vitest';
import { againWhenSlow } from './again-when-slow.ts';

/** Measures these figures one after the other; above 10 is slow. */
async function outcome(...figures: number[]) {
  let measured = 0;
  const last = await againWhenSlow(
    async () => figures[measured++] ?? Number.NaN,
    (figure) => figure > 10,
  );
  return { last, measured };
}

test('what was slow once is measured again', async () => {
  expect(await outcome(50, 3, 4)).toEqual({ last: 3, measured: 2 });
});

test('what is slow each time is slow', async () => {
  expect(await outcome(50, 60, 70, 3)).toEqual({ last: 70, measured: 3 });
});

test('what was not slow is measured once, also where it failed', async () => {
  expect(await outcome(3, 50)).toEqual({ last: 3, measured: 1 });
  await expect(
    againWhenSlow(
      () => Promise.reject(new Error('wrong')),
      () => true,
    ),
  ).rejects.toThrow('wrong');
});
