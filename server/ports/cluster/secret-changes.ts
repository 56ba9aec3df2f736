/**
 * Notifies of changed Secrets, regardless of their creator: outputs may be taken from Secrets that Helm does not manage. Their
 * contents are not read, and only Secrets that a follower needs are reported.
 */
export interface SecretChanges {
  /** Follows these Secrets, `namespace/name`, for `follower`, instead of those it followed before. */
  follow(follower: string, secrets: readonly string[]): void;
  /**
   * Calls back with a Secret that may have been created, changed or removed since it was followed: possibly once too
   * often, never too rarely.
   */
  subscribe(listener: (namespace: string, name: string) => void): () => void;
}
