import type { PodStatus, ResourceSet } from '../../../contract/schemas/release-resources.ts';
import type { ReadyCount } from '../../../contract/schemas/release.ts';

/**
 * The pods of the Deployments, StatefulSets and DaemonSets: how many there should be, and how many of these are ready.
 * Surplus pods of a rollout do not count, and pods of Jobs neither: they end.
 */
export function countPods({ deployments, statefulsets, daemonsets }: ResourceSet): ReadyCount {
  const count = { ready: 0, total: 0 };
  function add(wanted: number, pods: readonly PodStatus[] | null): void {
    const ready = (pods ?? []).filter(({ state }) => state.status === 'Ready').length;
    count.total += wanted;
    count.ready += Math.min(ready, wanted);
  }
  deployments.forEach(({ expectedReplicas, pods }) => add(expectedReplicas, pods));
  statefulsets.forEach(({ expectedReplicas, pods }) => add(expectedReplicas, pods));
  daemonsets.forEach(({ desiredNumberScheduled, pods }) => add(desiredNumberScheduled, pods));
  return count;
}
