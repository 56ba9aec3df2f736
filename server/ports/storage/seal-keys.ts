/** Keys by id; the greatest id, compared as text, is the newest. Never empty, each of at least 32 bytes. */
export type KeyRing = ReadonlyMap<string, Uint8Array>;

/**
 * Where the seal keys are stored. They stay in this process's memory: never in an argument, environment, child process,
 * log or answer.
 */
export interface SealKeys {
  /**
   * Reads the present keys, and creates the first one if there is none: replicas that start together all get the same.
   * @throws ProblemError SEAL_KEY_INVALID, CLUSTER_UNREACHABLE
   */
  read(): Promise<KeyRing>;
}
