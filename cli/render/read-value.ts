/** The value at a path of an answer; undefined where the path ends. Answers of other versions may lack fields. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let present = value;
  for (const key of path) {
    if (typeof present !== 'object' || present === null || !Object.hasOwn(present, key)) return undefined;
    present = (present as Record<string, unknown>)[key];
  }
  return present ?? undefined;
}

/** The text at a path; empty if there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The whole number at a path; 0 if there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

/** The list at a path; empty if there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}
