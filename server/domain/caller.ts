/**
 * Who sent a request, as the cluster knows them; Helm operations impersonate the caller.
 * Where the type is `Caller | null`, null is Walm's own identity (authentication mode `none`).
 */
export interface Caller {
  /** Never empty: an empty identity is refused, never sent (architecture, security model). */
  readonly user: string;
  readonly groups: readonly string[];
}
