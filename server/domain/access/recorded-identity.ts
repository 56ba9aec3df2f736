import type { Caller } from './caller.ts';

/** System groups that may be recorded: they follow from the name, or grant next to nothing. */
const HARMLESS = /^system:(authenticated|serviceaccounts(:.*)?)$/;
/** The namespace and name of a service account. */
export type AccountName = { namespace: string; name: string };

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * An identity as it is recorded for automatic changes: without groups that bypass the cluster's rules (`system:masters`
 * is not subject to RBAC and cannot be revoked) or belong to system components. A service account's groups follow from
 * its name, so recorded ones do not count.
 */
export function toRecordedIdentity(caller: Caller): Caller {
  const isAccount = SERVICE_ACCOUNT.test(caller.user);
  const groups = isAccount ? [] : caller.groups.filter((group) => !group.startsWith('system:') || HARMLESS.test(group));
  return { ...caller, groups };
}

/** The identity to impersonate for a recorded one; the rules of `toRecordedIdentity` apply to whatever was recorded. */
export function actingIdentity(recorded: Caller): Caller {
  const [, namespace = ''] = SERVICE_ACCOUNT.exec(recorded.user) ?? [];
  return namespace === '' ? toRecordedIdentity(recorded) : { ...recorded, groups: accountGroups(namespace) };
}

/** The service account that a caller is; null for other users. */
export function accountOf({ user }: Pick<Caller, 'user'>): AccountName | null {
  const [, namespace, name] = SERVICE_ACCOUNT.exec(user) ?? [];
  return namespace === undefined || name === undefined ? null : { namespace, name };
}

/** The user name of a service account. */
export function accountUser({ namespace, name }: AccountName): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The service account of this name in a namespace. */
export function serviceAccountIdentity(namespace: string, name: string): Caller {
  return {
    user: accountUser({ namespace, name }),
    groups: accountGroups(namespace),
    uid: '',
    extra: {},
  };
}

function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}
