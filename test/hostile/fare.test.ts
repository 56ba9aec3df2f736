import { expect, test } from 'vitest';

import { createFareRecord } from './fare.ts';

test('a call that still waits counts with how long it has waited, and again when it has ended', async () => {
  let now = 0;
  const record = createFareRecord(() => now);
  const { promise, resolve } = Promise.withResolvers<string>();
  const call = record.time(
    'gets',
    () => promise,
    (answer) => answer,
  );
  now = 500;
  expect(record.take()).toEqual({ gets: [500], installs: [], troubles: [] });
  expect(record.waiting()).toBe(1);
  now = 700;
  resolve('wrong');
  await call;
  expect(record.take()).toEqual({ gets: [700], installs: [], troubles: ['wrong'] });
  expect(record.take()).toEqual({ gets: [], installs: [], troubles: [] });
});

test('a call that fails is a trouble and still has a time', async () => {
  const record = createFareRecord(() => 1);
  await record.time(
    'installs',
    () => Promise.reject(new Error('cut', { cause: 'reset' })),
    () => null,
  );
  expect(record.take()).toEqual({ gets: [], installs: [0], troubles: ['cut: reset'] });
});
