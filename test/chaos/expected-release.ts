import type { ReleaseInfo } from '../../contract/schemas/release.ts';

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

/** What one change makes of a release; what is absent stays as it is. */
export type Wanted = { exists?: boolean; value?: string; paused?: boolean };

/** A release that nobody has made yet. */
export function absent(namespace: string, name: string): ExpectedRelease {
  return { namespace, name, exists: new Set([false]), values: new Set(), paused: new Set([false]) };
}

/** The release after a change came to an end. */
export function after(before: ExpectedRelease, wanted: Wanted, isDone: boolean): ExpectedRelease {
  const become = <T>(was: ReadonlySet<T>, is: T | undefined): ReadonlySet<T> =>
    is === undefined ? was : new Set(isDone ? [is] : [...was, is]);
  return {
    ...before,
    exists: become(before.exists, wanted.exists),
    values: become(before.values, wanted.value),
    paused: become(before.paused, wanted.paused),
  };
}

/** What of the listed releases of a namespace is not what was asked for last. */
export function unfulfilledIn(
  { namespace, name, exists, values, paused, provider }: ExpectedRelease,
  items: readonly ReleaseInfo[],
): string[] {
  const lines: string[] = [];
  const found = items.find((item) => item.name === name);
  const wanted = JSON.stringify([[...exists], [...values], [...paused]]);
  if (!exists.has(found !== undefined)) {
    lines.push(`${namespace}/${name} ${found === undefined ? 'is gone' : 'is there'}, wanted was ${wanted}`);
  }
  if (found === undefined) return lines;
  const { value, db } = (found.computedValues ?? {}) as { value?: string; db?: { value?: unknown } };
  if (!values.has(value ?? '') || !paused.has(found.paused)) {
    lines.push(`${namespace}/${name} has ${value}, paused ${found.paused}; wanted was ${wanted}`);
  }
  const publishes = items.find((item) => item.name === provider)?.computedValues?.['value'];
  if (provider !== undefined && db?.value !== publishes) {
    lines.push(
      `${namespace}/${name} got ${JSON.stringify(db?.value)} from ${provider}, which publishes ${JSON.stringify(publishes)}`,
    );
  }
  return lines;
}
