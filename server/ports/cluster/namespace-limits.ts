import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { NodeFacts } from '../../domain/quotas/daemon-nodes.ts';
import type { Amounts } from '../../domain/quotas/pod-amounts.ts';

/** What limits releases in one namespace. */
export type NamespaceLimitsFacts = {
  /** ResourceQuotas with name, spec and status. */
  quotas: JsonObject[];
  /** LimitRanges with name and spec. */
  limitRanges: JsonObject[];
};

/** What the cluster fills in for pods and claims that do not say. */
export type ClusterDefaults = {
  /** `overhead.podFixed` by the name of the RuntimeClass. */
  overheads: ReadonlyMap<string, Amounts>;
  /** Empty: there is none. */
  priorityClass: string;
  /** Empty: there is none. */
  storageClass: string;
};

/** Reads what limits releases, asked of the cluster each time. Every method rejects with a `ProblemError`. */
export interface NamespaceLimits {
  /** As `caller` (null: Walm itself); null where they may not list quotas and limit ranges there. */
  read(caller: Caller | null, namespace: string, signal?: AbortSignal): Promise<NamespaceLimitsFacts | null>;
  /** Nodes of the cluster: a DaemonSet makes a pod on each that it selects. Null where Walm may not read them. */
  nodes(signal?: AbortSignal): Promise<NodeFacts[] | null>;
  /** What Walm may not read counts as not there. */
  defaults(signal?: AbortSignal): Promise<ClusterDefaults>;
}
