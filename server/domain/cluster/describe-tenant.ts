import type { Tenant } from '../../../contract/schemas/cluster/tenant.ts';
import { asString, asTextMap } from '../json/json-reading.ts';
import { type KubeObject, specOf, statusOf } from '../kube/kube-object.ts';
import { coresOf } from '../kube/quantity.ts';
import { floorOf, UNIT } from '../kube/quantity-sum.ts';
import { quantityOf } from './unified-amounts.ts';

type Quota = NonNullable<Tenant['tenantQuotas']>[number];
type UnifiedQuota = NonNullable<Tenant['unifyUnitTenantQuotas']>[number];

/** The limits that the original Walm knows, by their names in Kubernetes. */
export const QUOTA_FIELDS = {
  'limits.cpu': 'limitCpu',
  'limits.memory': 'limitMemory',
  'requests.cpu': 'requestsCpu',
  'requests.memory': 'requestsMemory',
  'requests.storage': 'requestsStorage',
  pods: 'pods',
} as const;
const MULTI_TENANT = 'multi-tenant';

/** A namespace as the API shows it; `quotas` null: the caller may not read them. */
export function describeTenant(namespace: KubeObject, quotas: readonly KubeObject[] | null): Tenant {
  const labels = namespace.metadata.labels ?? {};
  const phase = asString(statusOf(namespace)['phase']);
  const shown = quotas && quotas.map(describeQuota);
  return {
    tenantName: namespace.metadata.name,
    tenantCreationTime: namespace.metadata.creationTimestamp ?? '',
    tenantLabels: labels,
    tenantAnnotations: namespace.metadata.annotations ?? {},
    tenantStatus: phase,
    tenantQuotas: shown,
    multiTenant: Object.hasOwn(labels, MULTI_TENANT),
    ready: phase === 'Active',
    unifyUnitTenantQuotas: shown && shown.map(unified),
  };
}

function describeQuota(quota: KubeObject): Quota {
  const hard = asTextMap(specOf(quota)['hard']);
  const used = asTextMap(statusOf(quota)['used']);
  const known = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(QUOTA_FIELDS).map(([name, field]) => [field, texts[name] ?? '']),
    ) as Quota['hard'];
  const others = Object.entries(hard).filter(([name]) => !Object.hasOwn(QUOTA_FIELDS, name));
  return {
    quotaName: quota.metadata.name,
    hard: known(hard),
    used: known(used),
    ...(others.length > 0 && {
      others: Object.fromEntries(others.map(([name, limit]) => [name, { hard: limit, used: used[name] ?? '' }])),
    }),
  };
}

function unified({ quotaName, hard, used }: Quota): UnifiedQuota {
  return { quotaName, hard: numbers(hard), used: numbers(used) };
}

function numbers(texts: Quota['hard']): UnifiedQuota['hard'] {
  const cores = (text: string) => coresOf(quantityOf(text));
  return {
    limitCpu: cores(texts.limitCpu),
    limitMemory: floorOf(quantityOf(texts.limitMemory), UNIT.mi),
    requestsCpu: cores(texts.requestsCpu),
    requestsMemory: floorOf(quantityOf(texts.requestsMemory), UNIT.mi),
    requestsStorage: floorOf(quantityOf(texts.requestsStorage), UNIT.gi),
    pods: floorOf(quantityOf(texts.pods), 1n),
  };
}
