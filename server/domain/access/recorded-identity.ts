import type { Caller } from './caller.ts';

/** Groups of the system that may be kept: they say nothing that the name does not say, or give next to nothing. */
const HARMLESS = /^system:(authenticated|serviceaccounts(:.*)?)$/;
/** Which service account somebody is. */
export type AccountName = { namespace: string; name: string };

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * An identity as it is written down for what Walm does later by itself: without groups that are above the cluster's
 * rules (`system:masters` is not judged by RBAC and cannot be taken away) or belong to its machinery. A service
 * account's groups follow from its name, so that none that are recorded count.
 */
export function toRecordedIdentity(caller: Caller): Caller {
  const isAccount = SERVICE_ACCOUNT.test(caller.user);
  const groups = isAccount ? [] : caller.groups.filter((group) => !group.startsWith('system:') || HARMLESS.test(group));
  return { ...caller, groups };
}

/** The identity by which a recorded one acts; whatever was recorded, the rules of `toRecordedIdentity` hold. */
export function actingIdentity(recorded: Caller): Caller {
  const [, namespace = ''] = SERVICE_ACCOUNT.exec(recorded.user) ?? [];
  return namespace === '' ? toRecordedIdentity(recorded) : { ...recorded, groups: accountGroups(namespace) };
}

/** Which service account a caller is; null for everybody else. */
export function accountOf({ user }: Pick<Caller, 'user'>): AccountName | null {
  const [, namespace, name] = SERVICE_ACCOUNT.exec(user) ?? [];
  return namespace === undefined || name === undefined ? null : { namespace, name };
}

/** The user that a service account is. */
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
