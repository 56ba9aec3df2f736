/**
 * What a computation takes of the processor, in milliseconds: a busy machine does not make it longer, as it does the time
 * on the wall. Whatever else this process does meanwhile counts, too, so bounds are generous all the same.
 */
export function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
