import { expect, test } from 'vitest';

import { startSeedThread } from './run/threads.ts';

test('a seed repeats every step, whatever ran before it, and another one has others', async () => {
  const [thread, elsewhere] = [startSeedThread(), startSeedThread()];
  try {
    const [first, other, again, there] = [
      await thread.run({ seed: 7 }),
      await thread.run({ seed: 8 }),
      await thread.run({ seed: 7 }),
      await elsewhere.run({ seed: 7 }),
    ];
    expect(again).toEqual(first);
    expect(there).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
    expect(first.events).toBeGreaterThan(1_000);
  } finally {
    await Promise.all([thread.close(), elsewhere.close()]);
  }
});
