import type { Caller } from '../../domain/access/caller.ts';
import type { KubeObject, ObjectRef } from '../../domain/kube/kube-object.ts';

/** A particular pod, identified by its uid: a later pod of the same name does not count. */
export type PodRef = { namespace: string; name: string; uid: string };

/** Workloads as they are now, for decisions that a view which lags must not make. */
export interface WorkloadReader {
  /** As the API server has it at this moment, read by Walm itself; undefined when there is no such workload. */
  read(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined>;
}

/**
 * Changes of running workloads besides Helm, which affect nothing in a manifest and create no revision. The cluster
 * authorizes the caller; null is Walm itself. `Pass` is what adapters require in addition (server/ports/gate).
 * @throws ProblemError FORBIDDEN
 */
export interface WorkloadWriter<Pass extends readonly unknown[] = []> {
  /**
   * Makes a Deployment, StatefulSet or DaemonSet replace its pods according to its strategy, like `kubectl rollout
   * restart`. `at` (RFC 3339) identifies the restart: repeating it has no further effect. Does nothing if there is no
   * such workload.
   */
  roll(ref: ObjectRef, at: string, caller: Caller | null, ...pass: Pass): Promise<void>;
  /** Deletes a pod; does nothing if it is gone. */
  removePod(pod: PodRef, caller: Caller | null, ...pass: Pass): Promise<void>;
  /**
   * Sets the replicas of a workload through its scale subresource, like `kubectl scale`; does nothing without a
   * workload.
   */
  scale(ref: ObjectRef, replicas: number, caller: Caller | null, ...pass: Pass): Promise<void>;
}

/** Workloads of the cluster. */
export interface Workloads extends WorkloadReader, WorkloadWriter {}
