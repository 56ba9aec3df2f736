import type { ReleaseInfo } from '../../contract/schemas/release.ts';

/**
 * The expected state of a release after all requests so far. If a change was aborted half-way, both the state before
 * and the requested state are accepted.
 */
export interface ExpectedRelease {
  namespace: string;
  name: string;
  /** Whether the release may exist, and whether it may be absent. */
  exists: ReadonlySet<boolean>;
  /** The values that `configValues.value` may have, if the release exists. */
  values: ReadonlySet<string>;
  paused: ReadonlySet<boolean>;
  /** The values that its label `round` may have; null if no known request has set one. */
  label: ReadonlySet<string> | null;
  /** Follows the `value` of this release of the same namespace. */
  provider?: string;
}

/** What one change makes of a release; what is absent stays as it is. */
export type Wanted = { exists?: boolean; value?: string; paused?: boolean; label?: string | null };

/** A release that has not been created yet. */
export function absent(namespace: string, name: string): ExpectedRelease {
  return { namespace, name, exists: new Set([false]), values: new Set(), paused: new Set([false]), label: null };
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
    label: labelAfter(before.label, wanted.label, isDone),
  };
}

/** Of a label that was not known, only one that was surely given is. */
function labelAfter(was: ExpectedRelease['label'], wanted: Wanted['label'], isDone: boolean): ExpectedRelease['label'] {
  if (wanted === undefined) return was;
  if (wanted === null) return null;
  if (isDone) return new Set([wanted]);
  return was && new Set([...was, wanted]);
}

/** What of the listed releases of a namespace is not what was asked for last. */
export function unfulfilledIn(
  { namespace, name, exists, values, paused, label, provider }: ExpectedRelease,
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
  if (label !== null && !label.has(found.releaseLabels?.['round'] ?? '')) {
    lines.push(
      `${namespace}/${name} has the labels ${JSON.stringify(found.releaseLabels)}, wanted was ${[...label].join(' or ')}`,
    );
  }
  const publishes = items.find((item) => item.name === provider)?.computedValues?.['value'];
  if (provider !== undefined && db?.value !== publishes) {
    lines.push(
      `${namespace}/${name} got ${JSON.stringify(db?.value)} from ${provider}, which publishes ${JSON.stringify(publishes)}`,
    );
  }
  return lines;
}
