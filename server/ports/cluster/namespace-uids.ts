/** Tells a namespace from an earlier one of the same name. */
export interface NamespaceUids {
  /**
   * The UID of the namespace as it was at some moment after the call; null where there is none.
   * @throws ProblemError CLUSTER_UNREACHABLE, FORBIDDEN
   */
  uidOf(namespace: string): Promise<string | null>;
}
