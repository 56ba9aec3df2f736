/** Deeper than anything that Walm accepts or reads: values nest at most 64 levels, objects of manifests 128. */
export const SHOWN_DEPTH = 160;

const CUT = `… nested deeper than ${SHOWN_DEPTH} levels`;

/** Whether arrays and objects nest deeper than `depth`. Looks no deeper, so it cannot overflow the stack. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (depth === 0) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some((entry) => isDeeper(entry, depth - 1));
  }
  for (const key in value) {
    if (isDeeper((value as Record<string, unknown>)[key], depth - 1)) {
      return true;
    }
  }
  return false;
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) {
    return value;
  }
  if (depth === 0) {
    return CUT;
  }
  return Array.isArray(value)
    ? value.map((entry) => cut(entry, depth - 1))
    : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cut(entry, depth - 1)]));
}

/**
 * The value, visibly cut where it nests too deeply: `JSON.stringify` overflows the stack on a few thousand levels, and
 * the indentation grows with their square. One release that nests too deeply must not break the whole list.
 */
export function withinDepth(value: unknown): unknown {
  return isDeeper(value, SHOWN_DEPTH) ? cut(value, SHOWN_DEPTH) : value;
}
