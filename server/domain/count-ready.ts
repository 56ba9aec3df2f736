/** How many releases there are, and how many of them are ready. */
export function countReady(releases: Iterable<{ status: { ready: boolean } }>): { known: number; ready: number } {
  const count = { known: 0, ready: 0 };
  for (const { status } of releases) {
    count.known += 1;
    count.ready += Number(status.ready);
  }
  return count;
}
