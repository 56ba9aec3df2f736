import type { KubeObject, ObjectRef } from './kube-object.ts';

/** The latest event of type Warning of one reason about one object. `at` is RFC 3339. */
export type LiveWarning = { reason: string; message: string; at: string };

/**
 * What is known of the cluster at this moment: synchronous reads of a picture that watches keep true.
 * Objects are reduced to what status needs: no managed fields, no values of Secrets, no pod templates.
 */
export type ClusterView = {
  /** The object, whatever version of its group the reference names; undefined when there is none. */
  get(ref: ObjectRef): KubeObject | undefined;
  /** Objects whose controller or owner is the one with this uid, by name. */
  ownedBy(uid: string): readonly KubeObject[];
  /** Pods of a workload: owned directly, or through its ReplicaSets or Jobs; by creation time and name. */
  podsOf(uid: string): readonly KubeObject[];
  /** EndpointSlices of a Service. */
  endpointSlicesOf(namespace: string, service: string): readonly KubeObject[];
  /** What the cluster warned of lately about the object with this uid, newest first. */
  warningsOf(uid: string): readonly LiveWarning[];
  /** Whether the kind was listed at least once: only then does absence of an object mean anything. */
  knows(apiVersion: string, kind: string): boolean;
  /** Whether Walm may not see the object: it is outside of the namespaces that it looks after, or its kind is refused. */
  isHidden(ref: ObjectRef): boolean;
};
