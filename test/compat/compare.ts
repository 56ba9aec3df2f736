/** One place where an answer is not what the original answered. */
export interface Difference {
  /** JSON pointer into the answer; empty for all of it. */
  path: string;
  /** Undefined: not there. */
  original: unknown;
  ours: unknown;
}

/**
 * Everything in which two JSON documents differ; of arrays and objects that both have, only the parts. Lists of releases
 * and projects, in which the original had no order, are compared by name: `/items/web/version`.
 */
export function compare(original: unknown, ours: unknown, path = ''): Difference[] {
  if (/\/(items|releases)$/.test(path) && areNamed(original) && areNamed(ours)) {
    return compare(byName(original), byName(ours), path);
  }
  if (Array.isArray(original) && Array.isArray(ours)) {
    const length = Math.max(original.length, ours.length);
    return Array.from({ length }, (_, i) => compare(original[i], ours[i], `${path}/${i}`)).flat();
  }
  if (isObject(original) && isObject(ours)) {
    const keys = [...new Set([...Object.keys(original), ...Object.keys(ours)])];
    return keys.flatMap((key) =>
      compare(original[key], ours[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return Object.is(original, ours) ? [] : [{ path, original, ours }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areNamed(list: unknown): list is { name: string }[] {
  return Array.isArray(list) && list.every((one) => isObject(one) && typeof one['name'] === 'string');
}

function byName(list: readonly { name: string }[]): Record<string, unknown> {
  return Object.fromEntries(list.map((one) => [one.name, one]));
}
