/** Ranges of a text: pairs of start and end (exclusive), ascending, which neither overlap nor touch. */

/** Appends a span that does not end before the last one does, or merges it into the last ones. */
export function addSpan(spans: number[], start: number, end: number): void {
  let [from, to] = [start, end];
  while (spans.length > 0 && (spans.at(-1) as number) >= from) {
    to = Math.max(to, spans.pop() as number);
    from = Math.min(from, spans.pop() as number);
  }
  spans.push(from, to);
}

/** Ranges that are in either, merged if they overlap or touch. */
export function mergeSpans(some: readonly number[], others: readonly number[]): number[] {
  if (others.length === 0) {
    return [...some];
  }
  const merged: number[] = [];
  for (let i = 0, j = 0; i < some.length || j < others.length;) {
    const isFirst = (some[i] ?? Infinity) <= (others[j] ?? Infinity);
    const [start, end] = (isFirst ? [some[i], some[i + 1]] : [others[j], others[j + 1]]) as [number, number];
    addSpan(merged, start, end);
    [i, j] = isFirst ? [i + 2, j] : [i, j + 2];
  }
  return merged;
}
