import type { ReadyCount } from '../../../contract/schemas/release.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { believedView } from '../kube/believed-objects.ts';
import { type Readiness, releaseReadiness } from './release-readiness.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { describeResources, type DescribedSet } from '../status/resource-set.ts';
import { countPods } from '../status/count-pods.ts';
import { withFinished } from '../status/passing-jobs.ts';
import { withClaims } from '../status/stateful-set-claims.ts';

/** The states of the objects that a record is believed about; `nowMs` in milliseconds since the epoch. */
export function describeObjects(
  record: ReleaseRecord,
  view: ClusterView,
  nowMs: number,
  seen?: (ref: ReleaseRecord['objects'][number]) => boolean,
): DescribedSet {
  const believed = believedView(record, view, seen);
  const present = withFinished(record.objects, believed, { updated: record.updated, nowMs });
  return describeResources(believed, withClaims(believed, present), nowMs);
}

/** Whether the applied revision of a record is ready at this moment; `nowMs` in milliseconds since the epoch. */
export function liveReadiness(record: ReleaseRecord, view: ClusterView, nowMs: number): Readiness {
  return releaseReadiness(record, describeObjects(record, view, nowMs).unready);
}

/** What is known of the objects of a release without naming each. */
export type CountedObjects = { pods: ReadyCount; objects: ReadyCount; readiness: Readiness };

const counted = new WeakMap<ReleaseRecord, CountedObjects & { atMs: number }>();

/**
 * Counts the objects of a release that has very many. The result is kept for as many milliseconds as there are objects:
 * counting takes time in proportion, and so never more than a small share of it, however often lists are requested.
 */
export function countedObjects(record: ReleaseRecord, view: ClusterView, nowMs: number): CountedObjects {
  const known = counted.get(record);
  if (known !== undefined && nowMs - known.atMs < record.objects.length) {
    return known;
  }
  const { resources, objects, unready } = describeObjects(record, view, nowMs);
  const made = { pods: countPods(resources), objects, readiness: releaseReadiness(record, unready), atMs: nowMs };
  counted.set(record, made);
  return made;
}
