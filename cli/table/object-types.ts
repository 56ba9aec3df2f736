/** Objects of Walm that a name on the command line can be the name of. */
export type WalmType = 'release' | 'project' | 'task' | 'plugin';

/** Objects of the cluster that a name on the command line can be the name of. */
export type ClusterType = 'node' | 'pod' | 'pvc' | 'secret' | 'storageclass' | 'tenant';

/** What a name on the command line can be the name of. */
export type ObjectType = WalmType | ClusterType;

/** Each type, and the other words for it; the first is its plural. */
const otherWords: Readonly<Record<ObjectType, readonly string[]>> = {
  release: ['releases', 'rel'],
  project: ['projects', 'proj'],
  task: ['tasks'],
  plugin: ['plugins'],
  node: ['nodes', 'no'],
  pod: ['pods', 'po'],
  pvc: ['pvcs', 'claim', 'claims', 'persistentvolumeclaim', 'persistentvolumeclaims'],
  secret: ['secrets'],
  storageclass: ['storageclasses', 'sc'],
  tenant: ['tenants', 'namespace', 'namespaces', 'ns'],
};

const types: ReadonlyMap<string, ObjectType> = new Map(
  Object.entries(otherWords).flatMap(([type, others]) =>
    [type, ...others].map((word) => [word, type as ObjectType] as const),
  ),
);

/** Parts of a release that `get` shows as helm does, and the commands that show them. */
export const RELEASE_PARTS: ReadonlySet<string> = new Set(['values', 'manifest', 'notes', 'history', 'events', 'logs']);

/** The type that a word names, in any of its forms; undefined if it is none. */
export function typeOf(word: string): ObjectType | undefined {
  return types.get(word.toLowerCase());
}

/** All words that name types. */
export const TYPE_WORDS: readonly string[] = [...types.keys()];

/** The types. */
export const OBJECT_TYPES = Object.keys(otherWords) as readonly ObjectType[];

/** The types, for people: `release, project, …`. */
export const TYPE_NAMES: string = OBJECT_TYPES.join(', ');

const watched: ReadonlySet<ObjectType> = new Set<ObjectType>(['release', 'project', 'task']);

/** Whether the stream of events tells when something changed at objects of this type. */
export function isWatched(type: ObjectType): boolean {
  return watched.has(type);
}

/** `releases`, `storageclasses`. */
export function pluralOf(type: ObjectType): string {
  return otherWords[type][0] ?? type;
}
