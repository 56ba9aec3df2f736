import { asString } from '../json/json-reading.ts';
import { type KubeObject, specOf, statusOf } from '../kube/kube-object.ts';
import { addAmounts, type Amounts, statedPod } from '../quotas/pod-amounts.ts';

/** What the pods of a node take that have not ended. */
export type NodeUsage = { pods: number; requests: Amounts; limits: Amounts };

export const UNUSED: NodeUsage = { pods: 0, requests: new Map(), limits: new Map() };

const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** The node that a pod takes something of; empty if it is on none, or has ended. */
export function nodeTakenBy(pod: KubeObject): string {
  return ENDED.has(asString(statusOf(pod)['phase'])) ? '' : asString(specOf(pod)['nodeName']);
}

/** The same with one more pod, counted as the scheduler does. */
export function withPod({ pods, requests, limits }: NodeUsage, pod: KubeObject): NodeUsage {
  const stated = statedPod(specOf(pod));
  return {
    pods: pods + 1,
    requests: addAmounts(requests, stated.requests),
    limits: addAmounts(limits, stated.limits),
  };
}
