import type { ClusterView } from '../kube/cluster-view.ts';
import { valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { groupKind, objectKey, type ObjectRef } from '../kube/kube-object.ts';

/**
 * An object as a release records it; `removesItself` marks a Job that the cluster deletes some time after it is done.
 * `digest` identifies its document, and `since` (RFC 3339) is when a revision first had exactly this one, if that was
 * not the present one.
 */
export type RecordedRef = ObjectRef & { removesItself?: true; digest?: string; since?: string };
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
  const isSeen = (since = updated) => nowMs - Date.parse(since) >= SEEN_MS;
  return objects.map(({ removesItself: passes, digest: _digest, since, ...ref }) =>
    passes === true && isSeen(since) && view.get(ref) === undefined ? { ...ref, finished: true } : ref,
  );
}

type Revision = { revision: number; updated: string; outside: unknown; objects: RecordedRef[] };

/**
 * The objects of a revision, of which `before` is the one that was applied last: a Job whose document Walm has left as
 * it was has not been made again, and is as old as it was. Plain Helm makes what is missing again.
 */
export function withAges(now: Revision, before: Revision | undefined): RecordedRef[] {
  if (!now.objects.some(({ removesItself: passes }) => passes)) {
    return now.objects;
  }
  const isSame = before?.revision === now.revision && before.updated === now.updated;
  if (before === undefined || (!isSame && (before.revision >= now.revision || now.outside !== null))) {
    return now.objects;
  }
  const former = new Map(
    before.objects.filter(({ removesItself: passes }) => passes).map((ref) => [objectKey(ref), ref]),
  );
  return now.objects.map((ref) => {
    const then = ref.removesItself && former.get(objectKey(ref));
    if (!then || ref.digest === undefined || then.digest !== ref.digest) {
      return ref;
    }
    const since = then.since ?? (isSame ? undefined : before.updated);
    return since === undefined ? ref : { ...ref, since };
  });
}
