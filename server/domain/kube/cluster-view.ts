import type { KubeObject, ObjectRef } from './kube-object.ts';

/** The latest event of type Warning for one reason and one object. `at` is RFC 3339. */
export type LiveWarning = { reason: string; message: string; at: string };

/**
 * The present state of the cluster: synchronous reads of a view that watches update. Objects are reduced to what status
 * computation needs: no managed fields, no values of Secrets, no pod templates.
 */
export type ClusterView = {
  /** The object, in whichever version of its group the reference names it; undefined if there is none. */
  get(ref: ObjectRef): KubeObject | undefined;
  /** Objects whose controller or owner is the one with this uid, by name. */
  ownedBy(uid: string): readonly KubeObject[];
  /** Pods of a workload: owned directly, or through its ReplicaSets or Jobs; by creation time and name. */
  podsOf(uid: string): readonly KubeObject[];
  /** EndpointSlices of a Service. */
  endpointSlicesOf(namespace: string, service: string): readonly KubeObject[];
  /** Recent warnings of the cluster about the object with this uid, newest first. */
  warningsOf(uid: string): readonly LiveWarning[];
  /** Whether the kind was listed at least once: only then is a missing object really missing. */
  knows(apiVersion: string, kind: string): boolean;
  /** Whether Walm may not see the object: it is outside the watched namespaces, or reading its kind is refused. */
  isHidden(ref: ObjectRef): boolean;
};
