/** Distinguishes a namespace from an earlier one of the same name. */
export interface NamespaceUids {
  /**
   * The UID of the namespace at some moment after the call; null if there is none.
   * @throws ProblemError CLUSTER_UNREACHABLE, FORBIDDEN
   */
  uidOf(namespace: string): Promise<string | null>;
}
