import { asString, valueAt } from '../../../server/domain/json/json-reading.ts';
import type { ApiServer } from '../api-server.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/walm-system/leases';

/** The holder of the lease according to the cluster; empty before the first election. */
export function leaseHolder({ list }: Pick<ApiServer, 'list'>): string {
  const lease = list(LEASES).items.find(({ metadata }) => metadata.name === 'walm-leader');
  return asString(valueAt(lease?.spec, 'holderIdentity'));
}
