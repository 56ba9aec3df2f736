/**
 * The key of the digests by which Walm recognises outputs: a visible digest must not help to guess a short secret
 * (decision 4: `***` means unchanged). The same for all replicas and after every restart.
 */
export type DigestKey = {
  /**
   * Creates the key if there is none yet.
   * @throws ProblemError CLUSTER_UNREACHABLE
   */
  read(): Promise<Uint8Array>;
};
