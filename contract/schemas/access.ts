/** The resource on which rights for releases are granted: every release has a ReleaseConfig. */
export const RELEASES = { group: 'apiextensions.transwarp.io', resource: 'releaseconfigs' } as const;

/** The verbs of rights, as in Kubernetes' RBAC. */
export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';

/** A resource of the cluster, `pods/log` for a subresource; group `''` is the core group. */
export interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** A right that the caller needs on the cluster, in the namespace and on the release that the request names. */
export interface Right extends Resource {
  readonly verb: Verb;
}

/**
 * Where rights that are not about releases apply. Without it, they apply in the namespace of the path, whatever the name.
 */
export interface Place {
  /** The path parameter that names the namespace; null: the whole cluster, or Walm's own namespace. */
  readonly namespace: string | null;
  /** True: the rights apply in Walm's own namespace. */
  readonly own?: true;
  /** The path parameter that names the object; absent: the rights are about all objects there. */
  readonly name?: string;
  /** What the name of the object has before the parameter. */
  readonly prefix?: string;
  /** True: the field `name` of the body names the object. */
  readonly namedByBody?: true;
}

/**
 * Which callers may call an operation (authentication mode `kubernetes`; in mode `none` everyone may call everything).
 */
export type Access =
  /** Everyone, without a token. */
  | {
      readonly kind: 'open';
      /** True: a token that the cluster accepts says who the caller is; any other counts as none. */
      readonly identifies?: true;
    }
  /** Everyone with a valid token. */
  | { readonly kind: 'token' }
  /** Callers with these rights. */
  | { readonly kind: 'rights'; readonly rights: readonly Right[]; readonly at?: Place }
  /** Callers who may create the release that the body names, or update it if it exists. */
  | { readonly kind: 'create-or-update' }
  /** Everyone with a valid token; what they may not list is left out, as if it did not exist. */
  | { readonly kind: 'visible' }
  /** Everyone with a valid token; who names a namespace in this query parameter needs the right there. */
  | { readonly kind: 'named-place'; readonly parameter: string; readonly right: Right }
  /** Callers with this right on the release that the task of the path belongs to. */
  | { readonly kind: 'task'; readonly right: Right };

export const open = { kind: 'open' } as const satisfies Access;
export const openToAll = { kind: 'open', identifies: true } as const satisfies Access;
export const anyToken = { kind: 'token' } as const satisfies Access;
export const mayCreateOrUpdate = { kind: 'create-or-update' } as const satisfies Access;
export const whatIsVisible = { kind: 'visible' } as const satisfies Access;

/** Callers who may do this with the release. */
export function may(verb: Verb): Access {
  return { kind: 'rights', rights: [{ verb, ...RELEASES }] };
}

/** Everyone with a valid token; a namespace in this query parameter takes the right to install there. */
export function anyTokenOrIn(parameter: string): Access {
  return { kind: 'named-place', parameter, right: { verb: 'create', ...RELEASES } };
}

/** Callers who may do this with the release of the task. */
export function mayForTask(verb: Verb): Access {
  return { kind: 'task', right: { verb, ...RELEASES } };
}

/** The right to read what Helm recorded of releases: its records are Secrets of their namespace. */
export const READ_RECORDS = { verb: 'list', group: '', resource: 'secrets' } as const satisfies Right;

/** The right to read the contents of ConfigMaps of releases. */
export const READ_CONFIG_MAPS = { verb: 'get', group: '', resource: 'configmaps' } as const satisfies Right;

/** Callers who may get the release and read Helm's records. */
export const mayReadRecords = {
  kind: 'rights',
  rights: [{ verb: 'get', ...RELEASES }, READ_RECORDS],
} as const satisfies Access;

/** Callers who may list releases and read Helm's records. */
export const mayExport = {
  kind: 'rights',
  rights: [{ verb: 'list', ...RELEASES }, READ_RECORDS],
} as const satisfies Access;

/** Callers who may do this with objects of the cluster other than releases. */
export function mayOn(at: Place, ...rights: readonly Right[]): Access {
  return { kind: 'rights', rights, at };
}

/** The rights that an operation needs where its request names the place; none if a token, or nothing, is enough. */
export function rightsOf(access: Access): readonly Right[] {
  switch (access.kind) {
    case 'open':
    case 'token':
    case 'visible':
    case 'named-place':
      return [];
    case 'rights':
      return access.rights;
    case 'task':
      return [access.right];
    case 'create-or-update':
      // Where the release is not known yet, it is a new one.
      return [{ verb: 'create', ...RELEASES }];
    default:
      return access satisfies never;
  }
}

/** `releaseconfigs.apiextensions.transwarp.io`, or `secrets` for a resource of the core group. */
export function resourceName({ group, resource }: Resource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function ownPlace(at: Place | undefined): string {
  if (at?.own !== true) {
    return '';
  }
  return at.name === undefined ? " in Walm's namespace" : ` on \`${at.prefix ?? ''}{${at.name}}\` in Walm's namespace`;
}

/** The requirements of an operation on its caller, in words; shown in the reference page and the OpenAPI document. */
export function describeAccess(access: Access): string {
  switch (access.kind) {
    case 'open':
      return 'none, not even a token';
    case 'token':
      return 'any valid token';
    case 'rights':
      return access.rights
        .map((right) => `\`${right.verb} ${resourceName(right)}\`${ownPlace(access.at)}`)
        .join(' and ');
    case 'create-or-update':
      return `\`create ${resourceName(RELEASES)}\` for a new release, \`update ${resourceName(RELEASES)}\` for one that exists`;
    case 'visible':
      return `any valid token; what the caller may not \`list ${resourceName(RELEASES)}\` of is left out`;
    case 'named-place':
      return `any valid token; with \`${access.parameter}\`, \`${access.right.verb} ${resourceName(access.right)}\` there`;
    case 'task':
      return `\`${access.right.verb} ${resourceName(access.right)}\` on what the task changes`;
    default:
      return access satisfies never;
  }
}
