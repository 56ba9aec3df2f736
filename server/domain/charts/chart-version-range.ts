/**
 * Whether a chart version is between two bounds, both inclusive, each compared at the precision given: `6.2` covers
 * every `6.2.x` (decision 39: which outputs a dependent gets). An empty bound, and a non-numeric version, do not
 * restrict.
 */
export function isWithin(version: string, minVersion: string, maxVersion: string): boolean {
  const parts = numbers(version);
  return compareAt(parts, numbers(minVersion)) >= 0 && compareAt(parts, numbers(maxVersion)) <= 0;
}

function numbers(version: string): number[] {
  const [core = ''] = version.replace(/^v/, '').split(/[-+]/);
  const parts = core.split('.').map(Number);
  return core === '' || parts.some(Number.isNaN) ? [] : parts;
}

/** Compares as many parts as the bound has. */
function compareAt(version: readonly number[], bound: readonly number[]): number {
  if (version.length === 0) {
    return 0;
  }
  for (const [index, part] of bound.entries()) {
    const difference = (version[index] ?? 0) - part;
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
