import type { ClusterView } from '../kube/cluster-view.ts';
import { believedView } from '../kube/believed-objects.ts';
import { type Readiness, releaseReadiness } from './release-readiness.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { describeResources, type DescribedSet } from '../status/resource-set.ts';
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
