import type { KubeObject, ObjectRef } from './kube-object.ts';

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
  /** PersistentVolumeClaims of a namespace, by name. */
  claimsIn(namespace: string): readonly KubeObject[];
};
