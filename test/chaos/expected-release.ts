/**
 * What a release is to be after everything that was asked of it. Where a change was given up half-way, either what was
 * before or what was asked for will do.
 */
export interface ExpectedRelease {
  namespace: string;
  name: string;
  /** Whether it may be there, and may not. */
  exists: ReadonlySet<boolean>;
  /** What `configValues.value` may be, where it exists. */
  values: ReadonlySet<string>;
  paused: ReadonlySet<boolean>;
  /** Follows the `value` of this release of the same namespace. */
  provider?: string;
}

/** What one change makes of a release. */
export type Wanted = { exists: boolean; value: string; paused: boolean };

/** A release that nobody has made yet. */
export function absent(namespace: string, name: string): ExpectedRelease {
  return { namespace, name, exists: new Set([false]), values: new Set(), paused: new Set([false]) };
}

/** The release after a change came to an end. */
export function after(before: ExpectedRelease, wanted: Wanted, isDone: boolean): ExpectedRelease {
  const { exists, value, paused } = wanted;
  return {
    ...before,
    exists: isDone ? new Set([exists]) : new Set([...before.exists, exists]),
    values: isDone ? new Set([value]) : new Set([...before.values, value]),
    paused: isDone ? new Set([paused]) : new Set([...before.paused, paused]),
  };
}
