/** A key as one step of a JSON pointer (RFC 6901), without the slash. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The pointer to a path of keys and indexes; `''` is the whole document. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${escapePointer(String(step))}`).join('');
}

/** The key that a step of a pointer, without the slash, stands for. */
export function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The keys of a pointer; the part before the first slash is ignored. */
export function fromPointer(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescapePointer);
}
