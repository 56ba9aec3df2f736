/**
 * Who sent a request, as the cluster knows them; Helm operations impersonate the caller.
 * Where the type is `Caller | null`, null is Walm's own identity (authentication mode `none`).
 */
export interface Caller {
  /** Never empty: an empty identity is refused, never sent (architecture, security model). */
  readonly user: string;
  readonly groups: readonly string[];
}

const NOBODY = 'system:anonymous';
const NOBODIES = 'system:unauthenticated';

/**
 * The caller of this name in these groups; null for nobody: a name or group that is empty would be left out of what
 * the cluster is asked, which then is done with Walm's own rights, and the anonymous user is no one in particular.
 */
export function callerOf(user: string, groups: readonly string[]): Caller | null {
  const isSomebody = user.trim() !== '' && user !== NOBODY;
  return isSomebody && groups.every((group) => group.trim() !== '' && group !== NOBODIES) ? { user, groups } : null;
}
