/** Characters of a name or pointer that an answer repeats; callers choose names as long as a body. */
const LONGEST_NAME = 256;

/** A name, or a text of at most so many characters, as answers and messages show it: whole, or its beginning with `…` behind it. */
export function cutName(name: string, most = LONGEST_NAME): string {
  return name.length <= most ? name : `${name.slice(0, most - 1).toWellFormed()}…`;
}
