import { expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { createManualClock } from '../memory/manual-clock.ts';
import { measureEventLoopDelay } from './event-loop-delay.ts';

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // The loop is blocked meanwhile.
  }
}

test('reports the longest delay of the last minute, and then forgets it', async () => {
  const clock = createManualClock();
  const delay = measureEventLoopDelay(clock);
  const longest = () => delay.quantiles().at(-1)?.[1] ?? 0;
  await eventually(() => {
    block(1_500);
    expect(longest()).toBeGreaterThan(1);
  });
  await clock.advance(30_000);
  expect(longest()).toBeGreaterThan(1);
  // A machine that pauses now is a delay of its own, which is forgotten as well.
  await eventually(async () => {
    await clock.advance(60_000);
    expect(longest()).toBeLessThan(1);
  });
  delay.stop();
});
