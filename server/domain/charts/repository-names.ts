/** Words in the paths of the API that stand where a repository's name does. */
const RESERVED: ReadonlySet<string> = new Set(['repo', 'repolist', 'search', 'image', 'inspect', 'lint']);

/** Whether no repository can have this name. */
export function isReservedRepositoryName(name: string): boolean {
  return RESERVED.has(name);
}
