import { Type, type Static } from 'typebox';
import { described, nullable, TextMap } from '../json.ts';
import { DNS_SUBDOMAIN } from '../name-syntax.ts';

const amount = (description: string) => Type.Optional(Type.String({ description, maxLength: 64 }));

/** A quota that a request gives a tenant: what it does not name, or names as empty text, is not limited. */
const TenantQuotaRequest = Type.Object({
  quotaName: Type.String({
    description: 'Name of the ResourceQuota.',
    maxLength: 253,
    pattern: DNS_SUBDOMAIN,
  }),
  hard: Type.Optional(
    Type.Object(
      {
        limitCpu: amount('Sum of the limits of cores, a Kubernetes quantity.'),
        limitMemory: amount('Sum of the limits of memory.'),
        requestsCpu: amount('Sum of the requests of cores.'),
        requestsMemory: amount('Sum of the requests of memory.'),
        requestsStorage: amount('Sum of the requests of storage.'),
        pods: amount('Number of pods.'),
      },
      { description: 'Limits that the original Walm knew, as quantities.' },
    ),
  ),
  others: Type.Optional(described(TextMap, 'Further limits by name, such as `count/services`.')),
});

/** A tenant that a request creates, or makes it what it says. */
export const TenantRequest = Type.Object(
  {
    tenantLabels: Type.Optional(described(TextMap, 'Labels of the namespace.')),
    tenantAnnotations: Type.Optional(described(TextMap, 'Annotations of the namespace.')),
    tenantQuotas: Type.Optional(Type.Array(TenantQuotaRequest, { description: 'Its quotas.', maxItems: 100 })),
  },
  { $id: 'TenantRequest' },
);
export type TenantRequest = Static<typeof TenantRequest>;

/** What the deletion of a tenant would delete. */
export const TenantRemoval = Type.Object(
  {
    tenantName: Type.String({ description: 'Name of the namespace.' }),
    releases: Type.Array(Type.String(), {
      description: 'Names of the releases in the order in which they are deleted: dependents first.',
    }),
    claims: described(
      nullable(
        Type.Array(
          Type.Object({
            name: Type.String(),
            capacity: Type.String({ description: 'Size of its volume, a Kubernetes quantity; empty if it has none.' }),
          }),
        ),
      ),
      'Persistent volume claims, whose data goes with the namespace; null for callers who may not list them.',
    ),
    pods: described(
      nullable(Type.Integer()),
      'Number of pods, those of releases included; null for callers who may not list them.',
    ),
  },
  { $id: 'TenantRemoval' },
);
export type TenantRemoval = Static<typeof TenantRemoval>;
