/** Times that something is measured before it is believed that it is slow. */
const MAX_TRIES = 3;

/**
 * Measures, and measures again as long as nothing is wrong but how long something took: a machine that was busy or paused
 * is not so each time, and a fault is. Answers the first measurement that is beyond doubt, or the last one.
 */
export async function againWhenSlow<T>(measure: () => Promise<T>, wasOnlySlow: (measured: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const measured = await measure();
    if (tries === MAX_TRIES || !wasOnlySlow(measured)) return measured;
  }
}
