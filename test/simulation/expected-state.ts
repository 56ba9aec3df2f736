/**
 * What a release is to be after everything that was asked of it. Where a change was given up half-way, either what was
 * before or what was asked for will do.
 */
export interface ExpectedState {
  readonly namespace: string;
  readonly name: string;
  readonly exists: ReadonlySet<boolean>;
  /** What `configValues.value` may be, where it exists. */
  readonly values: ReadonlySet<string>;
  readonly paused: ReadonlySet<boolean>;
  /** Follows the `value` of this release of the same namespace. */
  readonly provider?: string;
}

/** What a change makes of a release; what is absent stays as it is. */
export type Wanted = { exists?: boolean; value?: string; paused?: boolean };

/** A release that nobody has made yet. */
export function absent(namespace: string, name: string): ExpectedState {
  return { namespace, name, exists: new Set([false]), values: new Set(), paused: new Set([false]) };
}

/** The release after a change came to an end. */
export function after(before: ExpectedState, { exists, value, paused }: Wanted, isDone: boolean): ExpectedState {
  const become = <T>(was: ReadonlySet<T>, is: T | undefined): ReadonlySet<T> =>
    is === undefined ? was : new Set(isDone ? [is] : [...was, is]);
  const next = { ...before, exists: become(before.exists, exists), values: become(before.values, value) };
  // One that is made runs; one that was there stays as it was.
  const isNew = exists === true && before.exists.has(false);
  const was = isNew ? new Set([...(before.exists.has(true) ? before.paused : []), false]) : before.paused;
  return { ...next, paused: become(was, exists === false && isDone ? false : paused) };
}
