/** What a name on the command line can be the name of. */
export type ObjectType = 'release' | 'project' | 'task' | 'plugin';

const words: Readonly<Record<string, ObjectType>> = {
  release: 'release',
  releases: 'release',
  rel: 'release',
  project: 'project',
  projects: 'project',
  proj: 'project',
  task: 'task',
  tasks: 'task',
  plugin: 'plugin',
  plugins: 'plugin',
};

/** Parts of a release that `get` shows as helm does, and the commands that show them. */
export const RELEASE_PARTS: ReadonlySet<string> = new Set(['values', 'manifest', 'notes', 'history']);

/** The type that a word names, in any of its forms; undefined if it is none. */
export function typeOf(word: string): ObjectType | undefined {
  return Object.hasOwn(words, word.toLowerCase()) ? words[word.toLowerCase()] : undefined;
}

/** All words that name types. */
export const TYPE_WORDS: readonly string[] = Object.keys(words);
