import { Type } from 'typebox';
import { mayOn } from '../../schemas/access.ts';
import { DEFAULT_WAIT_SEC, MAX_WAIT_SEC } from '../../schemas/default-waits.ts';
import { TenantRemoval, TenantRequest } from '../../schemas/cluster/tenant-request.ts';
import { Tenant, TenantList } from '../../schemas/cluster/tenant.ts';
import { operation } from '../parts/operation.ts';
import { changeObjectErrors, deleteErrors, readObjectErrors } from '../parts/release-errors.ts';
import { changed, ignoreNotFound } from './changed.ts';
import { objectListQuery } from './object-list-query.ts';

const namespaces = { group: '', resource: 'namespaces' } as const;

const body = {
  kind: 'json',
  schema: TenantRequest,
  description: 'The tenant.',
  errorPrefix: 'failed to read tenant params : ',
} as const;
const tenantErrors = [
  ...changeObjectErrors,
  'LABEL_INVALID',
  'NAMESPACE_NOT_FOUND',
  'NAMESPACE_RESERVED',
  'NAMESPACE_TERMINATING',
  'QUANTITY_INVALID',
  'QUOTA_EXCEEDED',
  'TENANT_RESERVED',
] as const;

/** The operations on tenants. */
export const tenantOperations = {
  listTenants: operation({
    method: 'GET',
    path: '/api/v1/tenant',
    tag: 'cluster',
    access: mayOn({ namespace: null }, { verb: 'list', ...namespaces }),
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
    access: mayOn({ namespace: 'tenant', name: 'tenant' }, { verb: 'get', ...namespaces }),
    summary: 'Get a tenant with its quotas',
    responses: { 200: { description: 'The tenant.', schema: Tenant } },
    errors: [...readObjectErrors, 'TENANT_NOT_FOUND'],
    errorPrefix: 'failed to get tenant : ',
    unprefixed: ['TENANT_NOT_FOUND'],
  }),
  createTenant: operation({
    method: 'POST',
    path: '/api/v1/tenant/{tenant}',
    tag: 'cluster',
    access: mayOn({ namespace: null }, { verb: 'create', ...namespaces }),
    summary: 'Create a tenant: a namespace with quotas and default limits',
    description:
      'In the name of the caller, who also needs `create resourcequotas` and `create limitranges` there, which is asked for first. The namespace gets the label `multi-tenant`, and a LimitRange with which containers without limits get some. If something fails, what was made is deleted again.',
    query: {
      ignoreExisting: Type.Boolean({
        description: 'Return 200 if the tenant exists, and change nothing.',
        default: false,
      }),
      limitRange: Type.Boolean({
        description: 'false: no LimitRange; containers without limits get none.',
        default: true,
      }),
    },
    body,
    responses: { 200: changed },
    errors: [...tenantErrors, 'TENANT_EXISTS'],
    errorPrefix: 'failed to create tenant : ',
  }),
  updateTenant: operation({
    method: 'PUT',
    path: '/api/v1/tenant/{tenant}',
    tag: 'cluster',
    access: mayOn(
      { namespace: 'tenant', name: 'tenant' },
      { verb: 'get', ...namespaces },
      { verb: 'update', ...namespaces },
    ),
    summary: 'Replace labels and annotations of a tenant, and set quotas',
    description:
      'In the name of the caller, who for quotas also needs the right to list, create, update or delete them, which is asked for first. Labels and annotations that Kubernetes or Walm own stay. A quota that is named becomes what the request says; others stay.',
    query: {
      removeQuotas: Type.Boolean({
        description: 'Delete quotas that the request does not name.',
        default: false,
      }),
    },
    body,
    responses: { 200: changed },
    errors: [...tenantErrors, 'CANCELLED', 'TENANT_NOT_FOUND', 'TOO_MANY_OBJECTS'],
    errorPrefix: 'failed to update tenant : ',
  }),
  deleteTenant: operation({
    method: 'DELETE',
    path: '/api/v1/tenant/{tenant}',
    tag: 'cluster',
    access: mayOn(
      { namespace: 'tenant', name: 'tenant' },
      { verb: 'get', ...namespaces },
      { verb: 'delete', ...namespaces },
    ),
    summary: 'Delete a tenant with its releases, claims and everything else in it',
    description:
      'In the name of the caller, who also needs `list` and `delete releaseconfigs` there. Its releases are deleted first, dependents before what they depend on; then the namespace, with all data in it. If a release cannot be deleted, the namespace stays: send the request again to go on.',
    query: {
      dryrun: Type.Boolean({
        description: 'Only report what would be deleted.',
        default: false,
      }),
      ignoreNotFound,
      timeoutSec: Type.Integer({
        description: `Maximum seconds to wait for the releases; 0 means ${DEFAULT_WAIT_SEC.project}. After that those whose deletion has begun are deleted in the background, and the namespace stays.`,
        default: 0,
        minimum: 0,
        maximum: MAX_WAIT_SEC,
      }),
    },
    responses: {
      200: {
        ...changed,
        description: `${changed.description} With \`dryrun=true\`: what would be deleted.`,
        schema: Type.Union([changed.schema, TenantRemoval]),
      },
    },
    errors: [...deleteErrors, 'NAMESPACE_RESERVED', 'OBJECT_CHANGED', 'TENANT_NOT_FOUND', 'TENANT_RESERVED'],
    errorPrefix: 'failed to delete namespace {tenant}: ',
  }),
};
