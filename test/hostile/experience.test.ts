import { expect, test } from 'vitest';

import { createExperienceRecord } from './experience.ts';

test('a call that still waits counts with how long it has waited, and again when it has ended', async () => {
  let now = 0;
  const record = createExperienceRecord(() => now);
  const { promise, resolve } = Promise.withResolvers<string>();
  const call = record.time(
    'gets',
    () => promise,
    (answer) => answer,
  );
  now = 500;
  expect(record.take()).toEqual({ gets: [500], installs: [], problems: [] });
  expect(record.waiting()).toBe(1);
  now = 700;
  resolve('wrong');
  await call;
  expect(record.take()).toEqual({ gets: [700], installs: [], problems: ['wrong'] });
  expect(record.take()).toEqual({ gets: [], installs: [], problems: [] });
});

test('a call that fails is a problem and still has a duration', async () => {
  const record = createExperienceRecord(() => 1);
  await record.time(
    'installs',
    () => Promise.reject(new Error('cut', { cause: 'reset' })),
    () => null,
  );
  expect(record.take()).toEqual({ gets: [], installs: [0], problems: ['cut: reset'] });
});

test('what was under way before a restart does not count, what begins afterwards does', async () => {
  let now = 0;
  const record = createExperienceRecord(() => now);
  const before = Promise.withResolvers<string>();
  const held = record.time(
    'gets',
    () => before.promise,
    () => null,
  );
  now = 300;
  record.restart();
  expect(record.waiting()).toBe(0);
  before.resolve('late');
  await held;
  await record.time(
    'gets',
    () => Promise.resolve((now = 310)),
    () => null,
  );
  expect(record.take()).toEqual({ gets: [10], installs: [], problems: [] });
});
