/** Keys by their id; the greatest id, as text, is the newest. Never empty, each of at least 32 bytes. */
export type KeyRing = ReadonlyMap<string, Uint8Array>;

/**
 * Where the keys of the seals are kept. They stay in this process's memory: in no argument, environment, child process,
 * log or answer.
 */
export interface SealKeys {
  /**
   * Reads the keys as they are now, and makes the first one where there is none: of replicas that start together all get
   * the same. @throws ProblemError SEAL_KEY_INVALID, CLUSTER_UNREACHABLE
   */
  read(): Promise<KeyRing>;
}
