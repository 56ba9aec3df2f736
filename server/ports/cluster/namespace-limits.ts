import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { NodeFacts } from '../../domain/quotas/daemon-nodes.ts';
import type { Amounts } from '../../domain/quotas/pod-amounts.ts';

/** What limits releases in a namespace. */
export type NamespaceLimitsFacts = {
  /** ResourceQuotas with name, spec and status. */
  quotas: JsonObject[];
  /** LimitRanges with name and spec. */
  limitRanges: JsonObject[];
};

/** Defaults that the cluster applies to pods and claims. */
export type ClusterDefaults = {
  /** `overhead.podFixed` by the name of the RuntimeClass. */
  overheads: ReadonlyMap<string, Amounts>;
  /** Empty: there is none. */
  priorityClass: string;
  /** Empty: there is none. */
  storageClass: string;
};

/** Reads what limits releases, from the cluster each time. Every method rejects with a `ProblemError`. */
export interface NamespaceLimits {
  /** Read as `caller` (null: Walm itself); null if the caller may not list quotas and limit ranges there. */
  read(caller: Caller | null, namespace: string, signal?: AbortSignal): Promise<NamespaceLimitsFacts | null>;
  /** Nodes of the cluster: a DaemonSet creates a pod on each node that it selects. Null if Walm may not read them. */
  nodes(signal?: AbortSignal): Promise<NodeFacts[] | null>;
  /** What Walm may not read counts as missing. */
  defaults(signal?: AbortSignal): Promise<ClusterDefaults>;
}
