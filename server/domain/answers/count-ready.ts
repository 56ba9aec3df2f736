/** The reason of a release whose newest record cannot be read. */
export const UNREADABLE_REASON = 'Unreadable';

/** Counts releases: all of them, the ready ones, and those whose newest record cannot be read. */
export function countReady(releases: Iterable<{ status: { ready: boolean; reason: string } }>): {
  known: number;
  ready: number;
  unreadable: number;
} {
  const count = { known: 0, ready: 0, unreadable: 0 };
  for (const { status } of releases) {
    count.known += 1;
    count.ready += Number(status.ready);
    count.unreadable += Number(status.reason === UNREADABLE_REASON);
  }
  return count;
}
