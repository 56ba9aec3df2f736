import { Type, type Static } from 'typebox';
import { described, nullable, TextMap } from '../json.ts';
import { shownList } from './shown-list.ts';

/** Quantities as texts; empty: not limited. */
const QuotaAmounts = Type.Object({
  limitCpu: Type.String(),
  limitMemory: Type.String(),
  requestsCpu: Type.String(),
  requestsMemory: Type.String(),
  requestsStorage: Type.String(),
  pods: Type.String(),
});
const UnifiedQuotaAmounts = Type.Object({
  limitCpu: Type.Number({ description: 'Cores.' }),
  limitMemory: Type.Integer({ description: 'Mi.' }),
  requestsCpu: Type.Number({ description: 'Cores.' }),
  requestsMemory: Type.Integer({ description: 'Mi.' }),
  requestsStorage: Type.Integer({ description: 'Gi.' }),
  pods: Type.Integer(),
});

/** A ResourceQuota of a tenant. */
const TenantQuota = Type.Object({
  quotaName: Type.String({ description: 'Name of the ResourceQuota.' }),
  hard: described(QuotaAmounts, 'Limits, as quantities; empty: not limited.'),
  used: described(QuotaAmounts, 'What is used, as quantities; empty: not counted.'),
  others: Type.Optional(
    described(
      Type.Unsafe<Record<string, { hard: string; used: string }>>({
        type: 'object',
        additionalProperties: {
          type: 'object',
          properties: { hard: { type: 'string' }, used: { type: 'string' } },
          required: ['hard', 'used'],
        },
      }),
      'Further limits by name, such as `count/services`; absent if there are none.',
    ),
  ),
});

const ifListed = 'null for callers who may not `list resourcequotas` there; in a list, in all namespaces.';

/** A tenant: a namespace, with its quotas. */
export const Tenant = Type.Object(
  {
    tenantName: Type.String({ description: 'Name of the namespace.' }),
    tenantCreationTime: Type.String({ description: 'RFC 3339; with `compatibility: original` as Go prints times.' }),
    tenantLabels: described(TextMap, 'Labels of the namespace.'),
    tenantAnnotations: described(TextMap, 'Annotations of the namespace.'),
    tenantStatus: Type.String({
      description: 'Active or Terminating; with `compatibility: original` as Go prints the status.',
    }),
    tenantQuotas: described(nullable(Type.Array(TenantQuota)), `Its quotas; ${ifListed}`),
    multiTenant: Type.Boolean({ description: 'Whether the namespace has the label `multi-tenant`.' }),
    ready: Type.Boolean({ description: 'Whether it is active.' }),
    unifyUnitTenantQuotas: described(
      nullable(
        Type.Array(Type.Object({ quotaName: Type.String(), hard: UnifiedQuotaAmounts, used: UnifiedQuotaAmounts })),
      ),
      `The quotas as numbers, 0 for what is not limited; ${ifListed}`,
    ),
  },
  { $id: 'Tenant' },
);
export type Tenant = Static<typeof Tenant>;

export const TenantList = shownList('TenantList', Tenant);
export type TenantList = Static<typeof TenantList>;
