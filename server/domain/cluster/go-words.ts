import type { ClusterEvent } from '../../../contract/schemas/cluster/pod.ts';
import type { Tenant } from '../../../contract/schemas/cluster/tenant.ts';

/** A time as Go prints it, which the original Walm answered with (decision 22: compatibility). */
function goTime(time: string): string {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(time) ?? [];
  return date === undefined ? time : `${date} ${clock} +0000 UTC`;
}

/** The tenant in the words of the original Walm. */
export function tenantInGoWords(tenant: Tenant): Tenant {
  return {
    ...tenant,
    tenantCreationTime: goTime(tenant.tenantCreationTime),
    tenantStatus: `&NamespaceStatus{Phase:${tenant.tenantStatus},}`,
  };
}

/** The event in the words of the original Walm. */
export function eventInGoWords(event: ClusterEvent): ClusterEvent {
  return { ...event, firstTimestamp: goTime(event.firstTimestamp), lastTimestamp: goTime(event.lastTimestamp) };
}
