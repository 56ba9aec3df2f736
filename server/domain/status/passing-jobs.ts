import type { ClusterView } from '../kube/cluster-view.ts';
import { valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { groupKind, type ObjectRef } from '../kube/kube-object.ts';

/**
 * An object as a release records it; `removesItself` marks a Job that the cluster deletes some time after it is done.
 */
export type RecordedRef = ObjectRef & { removesItself?: true };
/** The same at present: `finished` if it is done and gone. */
export type PresentRef = ObjectRef & { finished?: true };

/** By this time the watch shows what an operation created: an object that is missing then is gone. */
const SEEN_MS = 5_000;

/** Whether a document is a Job that the cluster deletes after it is done (`ttlSecondsAfterFinished`). */
export function removesItself(
  { apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>,
  object: JsonObject,
): boolean {
  return (
    groupKind(apiVersion, kind) === 'Job.batch' &&
    typeof valueAt(object, 'spec', 'ttlSecondsAfterFinished') === 'number'
  );
}

/**
 * Marks the Jobs that are done and have deleted themselves. `updated` (RFC 3339) is when the revision was written,
 * `nowMs` in milliseconds since the epoch.
 */
export function withFinished(
  objects: readonly RecordedRef[],
  view: ClusterView,
  { updated, nowMs }: { updated: string; nowMs: number },
): PresentRef[] {
  const isSeen = nowMs - Date.parse(updated) >= SEEN_MS;
  return objects.map(({ removesItself: passes, ...ref }) =>
    passes === true && isSeen && view.get(ref) === undefined ? { ...ref, finished: true } : ref,
  );
}
