/** A Kubernetes Lease, as an election reads it; `holder` is empty if it is free. */
export type LeaseState = { holder: string; renewTime: string; durationMs: number };

/** When this replica first saw a lease in its present state, by its own clock in milliseconds. */
export type ObservedLease = LeaseState & { seenAt: number };

/**
 * Whether a replica may take the lease now. Clocks of machines differ, so a lease counts as abandoned only if it has
 * not changed for its whole duration by the observer's own clock, like in client-go. A lease that names this replica is
 * its own from before a restart.
 */
export function mayClaim(lease: ObservedLease, identity: string, now: number): boolean {
  return lease.holder === '' || lease.holder === identity || now >= lease.seenAt + lease.durationMs;
}

/** Records since when a lease has its present state. */
export function observeLease(lease: LeaseState, before: ObservedLease | undefined, now: number): ObservedLease {
  const unchanged = before?.holder === lease.holder && before.renewTime === lease.renewTime;
  return { ...lease, seenAt: unchanged ? before.seenAt : now };
}
