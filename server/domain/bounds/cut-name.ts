/** Maximum characters of a name or pointer that an answer repeats; callers choose names as long as a body. */
const MAX_NAME_LENGTH = 256;

/** A name or text for answers and messages: whole, or its beginning followed by `…`. */
export function cutName(name: string, max = MAX_NAME_LENGTH): string {
  return name.length <= max ? name : `${name.slice(0, max - 1).toWellFormed()}…`;
}
