/**
 * About as many bytes as the value takes in an answer, its indentation included. Looks no further than `max`: what is
 * larger costs no more than what is as large.
 */
export function jsonSize(value: unknown, max = Number.POSITIVE_INFINITY): number {
  let size = 0;
  const left: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  for (let next = left.pop(); next !== undefined && size <= max; next = left.pop()) {
    const { value: one, depth } = next;
    if (typeof one === 'string') {
      size += one.length + 4;
    } else if (typeof one !== 'object' || one === null) {
      size += 6;
    } else if (Array.isArray(one)) {
      size += one.length * depth + 4;
      for (const entry of one) left.push({ value: entry, depth: depth + 1 });
    } else {
      for (const [key, entry] of Object.entries(one)) {
        size += key.length + depth + 6;
        left.push({ value: entry, depth: depth + 1 });
      }
    }
  }
  return size;
}
