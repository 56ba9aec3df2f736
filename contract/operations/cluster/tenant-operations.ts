import { mayRead } from '../../schemas/access.ts';
import { Tenant, TenantList } from '../../schemas/cluster/tenant.ts';
import { operation } from '../parts/operation.ts';
import { readObjectErrors } from '../parts/release-errors.ts';
import { objectListQuery } from './object-list-query.ts';

const namespaces = { group: '', resource: 'namespaces' } as const;

/** The operations that read tenants. */
export const tenantOperations = {
  listTenants: operation({
    method: 'GET',
    path: '/api/v1/tenant',
    tag: 'cluster',
    access: mayRead({ namespace: null }, { verb: 'list', ...namespaces }),
    summary: 'List the tenants: the namespaces of the cluster',
    description: 'Read in the name of the caller.',
    query: objectListQuery,
    responses: { 200: { description: 'The tenants.', schema: TenantList } },
    errors: readObjectErrors,
    errorPrefix: 'failed to list tenants : ',
  }),
  getTenant: operation({
    method: 'GET',
    path: '/api/v1/tenant/{tenant}',
    tag: 'cluster',
    access: mayRead({ namespace: 'tenant', name: 'tenant' }, { verb: 'get', ...namespaces }),
    summary: 'Get a tenant with its quotas',
    responses: { 200: { description: 'The tenant.', schema: Tenant } },
    errors: [...readObjectErrors, 'TENANT_NOT_FOUND'],
    errorPrefix: 'failed to get tenant : ',
    unprefixed: ['TENANT_NOT_FOUND'],
  }),
};
