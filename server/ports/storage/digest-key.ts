/**
 * The key of the digests by which Walm recognises outputs: a digest that is shown must not let anybody guess a short
 * secret (decision 4). The same for all replicas and after every restart.
 */
export type DigestKey = {
  /** Makes the key where there is none yet. @throws ProblemError CLUSTER_UNREACHABLE */
  read(): Promise<Uint8Array>;
};
