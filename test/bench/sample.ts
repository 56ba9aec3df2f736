/** Durations of one kind of call, in milliseconds, in the order in which they were taken. */
export type Sample = readonly number[];

/** Middle of the sorted sample, in milliseconds. */
export function median(sample: Sample): number {
  return quantile(sample, 0.5);
}

/** The value that 95 of 100 calls stay below, in milliseconds (nearest rank). */
export function p95(sample: Sample): number {
  return quantile(sample, 0.95);
}

/** Runs `call` and returns how long it took, in milliseconds by the clock. */
export async function timed(call: () => Promise<unknown>, clock: { now(): number } = performance): Promise<number> {
  const started = clock.now();
  await call();
  return clock.now() - started;
}

/** Keeps `inFlight` calls running until `count` have ended; returns how many ended per second. */
export async function throughput(
  count: number,
  inFlight: number,
  call: (i: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const i = next;
      next += 1;
      await call(i);
    }
  };
  const tookMs = await timed(() => Promise.all(Array.from({ length: inFlight }, worker)));
  return (count * 1000) / tookMs;
}

/** The value below which `share` (0 to 1) of the sample lies, in milliseconds (nearest rank). */
export function quantile(sample: Sample, share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
