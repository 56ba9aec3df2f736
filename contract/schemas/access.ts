/** The resource by which rights on releases are given: every release has a ReleaseConfig. */
export const RELEASES = { group: 'apiextensions.transwarp.io', resource: 'releaseconfigs' } as const;

/** What one can be allowed to do, in the words of Kubernetes' RBAC. */
export type Verb = 'get' | 'list' | 'create' | 'update' | 'delete';

/** A resource of the cluster, `pods/log` for a part of one; group `''` is the core one. */
export interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** A right that the caller has to have on the cluster, in the namespace and on the release that the request names. */
export interface Right extends Resource {
  readonly verb: Verb;
}

/** Who may call an operation (authentication mode `kubernetes`; in mode `none` everybody may call everything). */
export type Access =
  /** Everybody, without a token. */
  | { readonly kind: 'open' }
  /** Everybody with a valid token. */
  | { readonly kind: 'token' }
  /** Who has these rights. */
  | { readonly kind: 'rights'; readonly rights: readonly Right[] }
  /** Everybody with a valid token; what they may not list is left out, as if it did not exist. */
  | { readonly kind: 'visible' }
  /** Who has this right on the release that the task of the path is about. */
  | { readonly kind: 'task'; readonly right: Right };

export const open = { kind: 'open' } as const satisfies Access;
export const anyToken = { kind: 'token' } as const satisfies Access;
export const whatIsVisible = { kind: 'visible' } as const satisfies Access;

/** Who may do this with the release. */
export function may(verb: Verb): Access {
  return { kind: 'rights', rights: [{ verb, ...RELEASES }] };
}

/** Who may do this with the release that the task is about. */
export function mayForTask(verb: Verb): Access {
  return { kind: 'task', right: { verb, ...RELEASES } };
}

/** To read what Helm recorded of releases: its records are Secrets of their namespace. */
export const READ_RECORDS = { verb: 'list', group: '', resource: 'secrets' } as const satisfies Right;

/** To be shown what the ConfigMaps of releases hold. */
export const READ_CONFIG_MAPS = { verb: 'get', group: '', resource: 'configmaps' } as const satisfies Right;

/** Who may get the release and read Helm's records. */
export const mayReadRecords = {
  kind: 'rights',
  rights: [{ verb: 'get', ...RELEASES }, READ_RECORDS],
} as const satisfies Access;

/** `releaseconfigs.apiextensions.transwarp.io`, or `secrets` for a resource of the core group. */
export function resourceName({ group, resource }: Resource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** What an operation asks of its caller, in words; the reference page and the OpenAPI document show it. */
export function describeAccess(access: Access): string {
  switch (access.kind) {
    case 'open':
      return 'none, not even a token';
    case 'token':
      return 'any valid token';
    case 'rights':
      return access.rights.map((right) => `\`${right.verb} ${resourceName(right)}\``).join(' and ');
    case 'visible':
      return `any valid token; what the caller may not \`list ${resourceName(RELEASES)}\` of is left out`;
    case 'task':
      return `\`${access.right.verb} ${resourceName(access.right)}\` on what the task changes`;
    default:
      return access satisfies never;
  }
}
