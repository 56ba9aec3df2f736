import type { JsonObject } from '../domain/json.ts';
import type { NodeFacts } from '../domain/manifest-workloads.ts';

/** What limits a release in its namespace. */
export type NamespaceLimitsFacts = {
  /** ResourceQuotas with name, spec and status. */
  quotas: JsonObject[];
  /** LimitRanges with name and spec. */
  limitRanges: JsonObject[];
  /** Nodes of the cluster: a DaemonSet makes a pod on each that it selects. Null where Walm may not read them. */
  nodes: NodeFacts[] | null;
};

/** Reads what limits releases, asked of the cluster each time. */
export interface NamespaceLimits {
  /** Rejects with a `ProblemError` when the cluster does not answer. */
  read(namespace: string, signal?: AbortSignal): Promise<NamespaceLimitsFacts>;
}
