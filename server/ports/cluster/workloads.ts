import type { Caller } from '../../domain/access/caller.ts';
import type { ObjectRef } from '../../domain/kube/kube-object.ts';

/** A pod as it was seen; another pod under the same name is not meant. */
export type PodRef = { namespace: string; name: string; uid: string };

/**
 * What is done to running workloads beside Helm: nothing that a manifest holds, so that no revision comes of it. The
 * cluster lets callers do what they may; null is Walm itself. @throws ProblemError FORBIDDEN
 */
export interface Workloads {
  /**
   * Has a Deployment, StatefulSet or DaemonSet replace its pods, one after the other as its strategy says, in the way
   * of `kubectl rollout restart`. `at` (RFC 3339) names the restart: the same one twice is one. Nothing happens when
   * there is no such workload.
   */
  roll(ref: ObjectRef, at: string, caller: Caller | null): Promise<void>;
  /** Deletes a pod; nothing happens when it has gone. */
  removePod(pod: PodRef, caller: Caller | null): Promise<void>;
  /** Sets the replicas of a workload through its scale, as `kubectl scale` does; nothing happens without a workload. */
  scale(ref: ObjectRef, replicas: number, caller: Caller | null): Promise<void>;
}
