import { UsageError } from '../errors/failures.ts';
import { takesQuery, type Call, type OperationName } from '../http/request.ts';
import type { ParsedLine } from '../arguments/parsed-line.ts';
import { pluralOf, type ObjectType } from '../table/object-types.ts';

/** How objects of a type are read: operations of the API, and what each is told. */
interface ObjectReads {
  /** Lists those of all namespaces, or of the cluster; absent: they are listed namespace by namespace. */
  readonly everywhere?: OperationName;
  /** Lists those of one namespace, in the path or as a parameter; absent: they are in none. */
  readonly within?: OperationName;
  /** Gets one; absent: it is found otherwise. */
  readonly one?: OperationName;
}

const reads = {
  release: { everywhere: 'listReleases', within: 'listNamespaceReleases', one: 'getRelease' },
  project: { everywhere: 'listProjects', within: 'listNamespaceProjects', one: 'getProject' },
  task: { everywhere: 'listTasks', within: 'listTasks' },
  plugin: { everywhere: 'listPlugins' },
  node: { everywhere: 'listNodes', one: 'getNode' },
  pod: { within: 'listPods', one: 'getPod' },
  pvc: { within: 'listClaims', one: 'getClaim' },
  secret: { within: 'listSecrets', one: 'getSecret' },
  storageclass: { everywhere: 'listStorageClasses', one: 'getStorageClass' },
  tenant: { everywhere: 'listTenants', one: 'getTenant' },
} as const satisfies Readonly<Record<ObjectType, ObjectReads>>;

/** The names that objects have in the paths of the API, where it is not that of their type. */
const pathNames: Partial<Record<ObjectType, string>> = { pvc: 'claim', storageclass: 'class' };

/** Flags that choose objects, and the parameters that they become. */
const filters: readonly (readonly [flag: string, parameter: string])[] = [
  ['selector', 'labelselector'],
  ['search', 'q'],
  ['chart', 'chart'],
  ['ready', 'ready'],
  ['project', 'project'],
  ['phase', 'phase'],
  ['state', 'state'],
  ['release', 'release'],
  ['node', 'node'],
  ['view', 'view'],
];

function lists(type: ObjectType): ObjectReads {
  return reads[type];
}

/** @throws UsageError for a filter of lists, where objects are named */
export function checkNoFilter(line: ParsedLine): void {
  const filter = [...filters.map(([flag]) => flag), 'limit'].find((flag) => line.given(flag));
  if (filter !== undefined) throw new UsageError(`--${filter} is for lists: leave out the names, or the flag`);
}

/** Whether objects of this type lie in namespaces. */
export function isNamespaced(type: ObjectType): boolean {
  return lists(type).within !== undefined;
}

/** An operation of the API and what it is told. */
export interface Reading {
  readonly operation: OperationName;
  readonly call: Call;
}

/**
 * The list of a type that a line asks for, in a namespace or in all.
 * @throws UsageError for a filter that does not hold for the type, and where it is listed namespace by namespace
 */
export function listOf(line: ParsedLine, type: ObjectType, namespace: string | undefined): Reading {
  const { everywhere, within } = lists(type);
  const operation = namespace === undefined ? everywhere : (within ?? everywhere);
  if (operation === undefined) {
    throw new UsageError(`${pluralOf(type)} are listed namespace by namespace`, [
      `name one: walmctl list ${pluralOf(type)} -n NAMESPACE`,
    ]);
  }
  const query: Record<string, string | undefined> = {};
  for (const [flag, parameter] of filters) {
    if (!line.given(flag)) continue;
    if (!takesQuery(operation, parameter)) throw new UsageError(`--${flag} does not hold for ${pluralOf(type)}`);
    query[parameter] = line.text(flag);
  }
  if (namespace === undefined || within === undefined) return { operation, call: { query } };
  return takesQuery(operation, 'namespace')
    ? { operation, call: { query: { ...query, namespace } } }
    : { operation, call: { path: { namespace }, query } };
}

/** The reading of one object. */
export function readingOf(type: Exclude<ObjectType, 'task' | 'plugin'>, namespace: string, name: string): Reading {
  const own = { [pathNames[type] ?? type]: name };
  return { operation: reads[type].one, call: { path: isNamespaced(type) ? { namespace, ...own } : own } };
}

/** Whether a list comes in pages. */
export function isPaged({ operation }: Reading): boolean {
  return takesQuery(operation, 'limit');
}
