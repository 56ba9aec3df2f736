import { problem } from '../errors/problem-error.ts';

/** Names in one parameter. */
const MAX_NAMES = 200;

/**
 * The names in a parameter that holds a list separated by commas; undefined without any.
 * @throws ProblemError QUERY_INVALID for more than 200
 */
export function readNames(parameter: string, text: string | undefined): ReadonlySet<string> | undefined {
  const names = (text ?? '').split(',', MAX_NAMES + 1).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.length > MAX_NAMES) {
    throw problem('QUERY_INVALID', `${parameter} has more than ${MAX_NAMES} names`, { parameter });
  }
  return names.length === 0 ? undefined : new Set(names);
}

/**
 * The same for names out of a set of words.
 * @throws ProblemError QUERY_INVALID for a word that is not in it
 */
export function readWords<Word extends string>(
  parameter: string,
  text: string | undefined,
  words: readonly Word[],
): ReadonlySet<Word> | undefined {
  const names = readNames(parameter, text);
  if (names === undefined) {
    return undefined;
  }
  const unknown = [...names].find((name) => !words.some((word) => word === name));
  if (unknown !== undefined) {
    const message = `${parameter} ${JSON.stringify(unknown.slice(0, 100))} is none of ${words.join(', ')}`;
    throw problem('QUERY_INVALID', message, { parameter });
  }
  return new Set(words.filter((word) => names.has(word)));
}
