import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';

/** One object that was added, changed or removed (then as it was last seen). */
export type LiveChange = { object: KubeObject; removed: boolean };

/**
 * The live picture of the cluster, kept true by watches. Always there: workloads, Pods, Services, EndpointSlices,
 * Ingresses, PersistentVolumeClaims, ReleaseConfigs (metadata), and the ConfigMaps and Secrets of
 * releases. Other kinds are watched while somebody wants them, as far as Helm manages them.
 */
export interface LiveObjects extends ClusterView {
  /** Objects of one kind, sorted by namespace and name; `namespace` undefined means all. */
  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[];
  /** Calls back with what changed, in order, right after the picture did. */
  subscribe(listener: (changes: readonly LiveChange[]) => void): () => void;
  /**
   * Watches a further kind (objects labelled `app.kubernetes.io/managed-by=Helm`, which Helm puts on all it makes)
   * until the returned function is called by everybody who asked. A kind that the cluster does not serve has no
   * objects until it does.
   */
  ensureKind(apiVersion: string, kind: string): () => void;
  /** Resolves when all kinds that are always watched were listed once. */
  synced: Promise<void>;
}
