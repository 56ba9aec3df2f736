import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber } from '../json/json-reading.ts';
import { placeOf, specOf } from '../kube/kube-object.ts';
import { hasPausePlugin, type LiveCount, type PauseState, readPauseState } from '../workloads/pause-state.ts';
import type { RecordedRevision } from './recorded-revision.ts';
import { readReleaseFacts } from './release-facts.ts';

/** The recorded pauses that failed after `applied` was applied, oldest first: they may have stopped some workloads. */
export function halfPauses(
  applied: Pick<RecordedRevision, 'releaseConfig'>,
  attempts: readonly Pick<RecordedRevision, 'releaseConfig'>[],
): PauseState[] {
  const isPaused = hasPausePlugin(readReleaseFacts(applied.releaseConfig)?.plugins ?? []);
  return attempts.flatMap(({ releaseConfig }) => {
    const pause = isPaused ? null : (readReleaseFacts(releaseConfig)?.pause ?? null);
    return pause === null ? [] : [readPauseState(pause)];
  });
}

/** Replicas to record for workloads: for a workload that a failed pause has stopped, those it had before. */
export function countsBefore(live: readonly LiveCount[], halves: readonly PauseState[]): LiveCount[] {
  const before = stoppedCounts(halves);
  return live.flatMap((one) => {
    const known = one.replicas === 0 ? before.get(placeOf(one)) : undefined;
    return known === undefined ? [one] : known;
  });
}

/** Replicas that differ from the manifest's, of workloads that a failed pause has stopped and that have none yet. */
export function countsToRestore(view: ClusterView, halves: readonly PauseState[]): LiveCount[] {
  return [...stoppedCounts(halves).values()].flat().filter((one) => {
    const workload = view.get(one);
    return workload !== undefined && asNumber(specOf(workload)['replicas'], 1) === 0;
  });
}

/** By workload: the first failed pause saw it running. */
function stoppedCounts(halves: readonly PauseState[]): Map<string, LiveCount[]> {
  const counts = new Map<string, LiveCount[]>();
  for (const { objects, live } of halves) {
    for (const object of objects.filter(({ field }) => field === 'replicas')) {
      const key = placeOf(object);
      counts.set(key, counts.get(key) ?? live.filter((one) => placeOf(one) === key));
    }
  }
  return counts;
}
