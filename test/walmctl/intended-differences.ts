/** A recorded command line of the original, and why walmctl does not print the same. */
interface IntendedDifference {
  /** Without `walmctl -s 127.0.0.1:29001 -n demo`. */
  readonly command: string;
  readonly why: string;
}

/** All twelve: each prints something else on purpose. */
export const INTENDED_DIFFERENCES: readonly IntendedDifference[] = [
  { command: 'create release --name cl1 --async=false', why: 'a mistake is exit 2, and says what is missing' },
  { command: 'delete release nope', why: 'what is not there is exit 4, unless --ignore-not-found is said' },
  { command: 'delete release viaput --async=false', why: 'says that the claims stay; ends with a line end' },
  { command: 'get foo x', why: 'foo is the name of a release: a type has to be one; exit 4' },
  { command: 'get release nope', why: 'an error is a sentence on standard error, not a body; exit 4' },
  { command: 'get release tl1 -o yaml', why: 'the fields of this API, in its order' },
  { command: 'list project', why: 'an empty list has no heads, and says on standard error that it is empty' },
  { command: 'list release -o bad', why: 'a mistake is exit 2, and names the formats' },
  {
    command: 'list release -o json',
    why: "the API's list instead of five renamed fields; -o jsonpath makes any other",
  },
  { command: 'list release -o yaml', why: 'the same data as -o json' },
  { command: 'list release', why: 'columns of its own, in the order of names' },
  { command: 'version', why: 'versions of walmctl and of the server' },
];
