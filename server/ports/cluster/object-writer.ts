import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';

/** The kinds that are written on demand, besides what releases consist of. */
export type WrittenKind =
  | 'LimitRange'
  | 'Namespace'
  | 'Node'
  | 'PersistentVolumeClaim'
  | 'Pod'
  | 'ResourceQuota'
  | 'Secret';

/** One object; `namespace` is absent for kinds of the cluster. */
export type WrittenRef = { kind: WrittenKind; namespace?: string; name: string };

/** What a new object says. */
export type NewObject = WrittenRef & { labels?: Record<string, string>; annotations?: Record<string, string> } & {
  /** The fields besides metadata. */
  content: JsonObject;
};

/** `absent`: there is no such object. `changed`: it is no longer the one that the write is based on. */
export type WriteOutcome = 'done' | 'absent' | 'changed';

/**
 * Changes of objects that belong to no release, in the name of the caller who wishes them (null is Walm itself). Objects of
 * Walm's own namespace, and the namespace, cannot be written.
 * `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing.
 * Every method throws ProblemError FORBIDDEN, ADMISSION_REFUSED, ADMISSION_UNAVAILABLE, QUOTA_EXCEEDED,
 * NAMESPACE_RESERVED, NAMESPACE_TERMINATING, CLUSTER_UNREACHABLE or CLUSTER_FAILED.
 */
export interface ObjectWriter<Pass extends readonly unknown[] = []> {
  /** As the cluster made it; null if there is one of that name. @throws ProblemError NAMESPACE_NOT_FOUND */
  create(object: NewObject, caller: Caller | null, ...pass: Pass): Promise<KubeObject | null>;
  /** Writes the whole object, based on its `metadata.resourceVersion`. */
  replace(object: KubeObject & { kind: WrittenKind }, caller: Caller | null, ...pass: Pass): Promise<WriteOutcome>;
  /** Changes the fields that a JSON merge patch names; with a `metadata.resourceVersion`, only the object of that version. */
  patch(ref: WrittenRef, patch: JsonObject, caller: Caller | null, ...pass: Pass): Promise<WriteOutcome>;
  /** Deletes the object; with a uid, only the one that has it. */
  remove(ref: WrittenRef & { uid?: string }, caller: Caller | null, ...pass: Pass): Promise<WriteOutcome>;
}
