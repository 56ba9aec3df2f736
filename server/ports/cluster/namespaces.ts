import type { Caller } from '../../domain/access/caller.ts';

export interface NamespaceReader {
  /** @throws ProblemError NAMESPACE_TERMINATING where it is being deleted */
  exists(name: string): Promise<boolean>;
}

export interface NamespaceWriter {
  /**
   * Makes a namespace, as the caller (null is Walm itself), that remembers which task it was made for; nothing happens
   * when it exists. @throws ProblemError FORBIDDEN
   */
  create(name: string, taskId: string, caller: Caller | null): Promise<void>;
  /**
   * Removes a namespace if it was made for this task and holds nothing but what Kubernetes and Walm themselves put
   * there; tells whether it did. Waits until it is gone. It is done as the caller, and left undone where they may not.
   */
  removeIfUnused(name: string, taskId: string, caller: Caller | null): Promise<boolean>;
}

/** Namespaces of the cluster, as far as installing needs them. */
export interface Namespaces extends NamespaceReader, NamespaceWriter {}
