/**
 * Turns of the event loop until a promise settles. Unlike time, this number barely grows on a slow or paused machine,
 * while waiting for a timer of some hundred milliseconds takes very many turns.
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
