import type { Caller } from '../../domain/access/caller.ts';

/** Secrets of the cluster, read on demand and never kept. */
export type Secrets = {
  /**
   * The values by key, as UTF-8 text, read as a user (null is Walm itself); null if there is no such Secret.
   * @throws ProblemError CLUSTER_UNREACHABLE, FORBIDDEN
   */
  read(namespace: string, name: string, as: Caller | null): Promise<Readonly<Record<string, string>> | null>;
};
