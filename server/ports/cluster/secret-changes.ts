/**
 * Tells that a Secret changed, whoever made it: outputs may be taken from one that Helm does not manage. What is in it
 * is not read, and only those that somebody follows are told of.
 */
export interface SecretChanges {
  /** Follows these Secrets, `namespace/name`, for `follower`, and no longer those that it followed before. */
  follow(follower: string, secrets: readonly string[]): void;
  /**
   * Calls back with a Secret that may have been made, changed or removed since it was followed: once too often, never
   * once too little.
   */
  subscribe(listener: (namespace: string, name: string) => void): () => void;
}
