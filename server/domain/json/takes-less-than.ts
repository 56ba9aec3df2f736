/** What a name, a value and its separators take besides their characters. */
const EACH = 8;

/**
 * Whether a JSON value takes less than so many characters as text, approximately. Looks at no more of it than decides
 * that, so the size of the value does not matter.
 */
export function takesLessThan(value: object, characters: number): boolean {
  let left = characters;
  const queue: unknown[] = [value];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    left -= EACH + (typeof one === 'string' ? one.length : 0);
    if (typeof one === 'object' && one !== null) {
      for (const key in one) {
        left -= EACH + key.length;
        if (left < 0) {
          return false;
        }
        // Undefined values are not part of the text.
        queue.push((one as Record<string, unknown>)[key] ?? null);
      }
    }
    if (left < 0) {
      return false;
    }
  }
  return true;
}
