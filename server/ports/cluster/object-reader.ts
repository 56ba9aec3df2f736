import type { Caller } from '../../domain/access/caller.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';

/** The kinds that are read on demand, besides those of the live view. */
export type ReadKind =
  | 'Event'
  | 'Namespace'
  | 'Node'
  | 'PersistentVolumeClaim'
  | 'Pod'
  | 'ResourceQuota'
  | 'Secret'
  | 'StorageClass';

/** A kind as the cluster serves it. */
export type ServedKind = { group: string; version: string; plural: string };

/** In whose name something is read (null is Walm itself), and until when. */
export type ObjectReading = { as: Caller | null; signal: AbortSignal };

/** Which objects to list: of one namespace, or of the cluster. */
export type ObjectPlace = {
  namespace?: string;
  /** Only events about this object. */
  about?: { name: string; uid: string };
  /** Only pods on this node. */
  onNode?: string;
  /** Only Secrets of none of these types. */
  exceptTypes?: readonly string[];
};

/**
 * Objects of the cluster, read from it each time and never kept.
 * Every method throws ProblemError FORBIDDEN, CLUSTER_UNREACHABLE or CLUSTER_FAILED, or the reason of the signal.
 */
export interface ObjectReader {
  /** Null if there is none. `namespace` is absent for kinds of the cluster. */
  get(kind: ReadKind, at: { namespace?: string; name: string }, reading: ObjectReading): Promise<KubeObject | null>;
  /** The same for any kind. */
  find(kind: ServedKind, at: { namespace?: string; name: string }, reading: ObjectReading): Promise<KubeObject | null>;
  /**
   * The objects, page by page: their owners decide how many there are and how large, so no more than one page is held. A
   * page is read when it is asked for.
   */
  list(kind: ReadKind, place: ObjectPlace, reading: ObjectReading): AsyncGenerator<KubeObject[], void, undefined>;
}
