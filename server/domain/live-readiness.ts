import type { ClusterView } from './cluster-view.ts';
import { type Readiness, releaseReadiness } from './release-readiness.ts';
import type { ReleaseRecord } from './release-record.ts';
import { describeResources } from './status/resource-set.ts';
import { withClaims } from './status/stateful-set-claims.ts';

/** Whether what a record says runs is ready at this moment; `nowMs` in milliseconds since the epoch. */
export function liveReadiness(record: ReleaseRecord, view: ClusterView, nowMs: number): Readiness {
  return releaseReadiness(record, describeResources(view, withClaims(view, record.objects), nowMs).unready);
}
