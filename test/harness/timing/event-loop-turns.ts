/**
 * Turns of the event loop until something has settled, whichever way. Unlike time, a machine that is slow or paused does
 * not make them many more, and whoever waits for a timer of some hundred milliseconds waits for a great many of them.
 */
export async function turnsUntil(settling: Promise<unknown>): Promise<number> {
  let hasSettled = false;
  const settled = (): void => void (hasSettled = true);
  settling.then(settled, settled);
  let turns = 0;
  while (!hasSettled) {
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return turns;
}
