import type { Caller } from '../../domain/access/caller.ts';

export interface NamespaceReader {
  /** @throws ProblemError NAMESPACE_TERMINATING if the namespace is being deleted */
  exists(name: string): Promise<boolean>;
  /**
   * The names of all namespaces that Walm watches and that are not being deleted, sorted. Show a name only to callers
   * with a right in that namespace.
   * @throws ProblemError FORBIDDEN if Walm may not list them, CLUSTER_UNREACHABLE
   */
  names(): Promise<readonly string[]>;
}

/** `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing. */
export interface NamespaceWriter<Pass extends readonly unknown[] = []> {
  /**
   * Creates a namespace as the caller (null being Walm itself) and records the task it was created for; does nothing if
   * it exists.
   * @throws ProblemError FORBIDDEN
   */
  create(name: string, taskId: string, caller: Caller | null, ...pass: Pass): Promise<void>;
  /**
   * Deletes a namespace if it was created for this task and contains only what Kubernetes and Walm put there; returns
   * whether it did. Waits until it is gone. Runs as the caller, and does nothing if the caller lacks the right.
   */
  removeIfUnused(name: string, taskId: string, caller: Caller | null, ...pass: Pass): Promise<boolean>;
}

/** Namespaces of the cluster, as needed for installs. */
export interface Namespaces extends NamespaceReader, NamespaceWriter {}
