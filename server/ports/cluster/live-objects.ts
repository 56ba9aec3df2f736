import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';

/** An object that was added, changed or removed (then in its last state). */
export type LiveChange = { object: KubeObject; removed: boolean };

/**
 * The live view of the cluster, updated by watches. Always watched: workloads, Pods, Services, EndpointSlices,
 * Ingresses, PersistentVolumeClaims, ReleaseConfigs (metadata), and the ConfigMaps and Secrets of releases. Other kinds
 * are watched while a part of the server needs them, as far as Helm manages them.
 */
export interface LiveObjects extends ClusterView {
  /** Objects of one kind, sorted by namespace and name; `namespace` undefined means all. */
  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[];
  /** Calls back with the changes, in order, right after the view has changed. */
  subscribe(listener: (changes: readonly LiveChange[]) => void): () => void;
  /**
   * Watches a further kind (objects labelled `app.kubernetes.io/managed-by=Helm`, as Helm labels all it creates) until
   * every user of the kind has called the returned function. A kind that the cluster does not serve has no objects
   * until it does.
   */
  ensureKind(apiVersion: string, kind: string): () => void;
  /** Resolves when all kinds that are always watched have been listed once. */
  synced: Promise<void>;
}
