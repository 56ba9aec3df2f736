import { mayRead } from '../../schemas/access.ts';
import { ClusterClaim, ClusterClaimList } from '../../schemas/cluster/claim.ts';
import { operation } from '../parts/operation.ts';
import { readObjectErrors } from '../parts/release-errors.ts';
import { objectListQuery } from './object-list-query.ts';

const claims = { group: '', resource: 'persistentvolumeclaims' } as const;

/** The operations that read persistent volume claims. */
export const claimOperations = {
  listClaims: operation({
    method: 'GET',
    path: '/api/v1/pvc/{namespace}',
    tag: 'cluster',
    access: mayRead({ namespace: 'namespace' }, { verb: 'list', ...claims }),
    summary: 'List the persistent volume claims of a namespace',
    description: 'Read in the name of the caller. Secrets of releases are `***`.',
    query: objectListQuery,
    responses: { 200: { description: 'The claims.', schema: ClusterClaimList } },
    errors: readObjectErrors,
    errorPrefix: 'failed to get pvcs: ',
  }),
  getClaim: operation({
    method: 'GET',
    path: '/api/v1/pvc/{namespace}/name/{claim}',
    tag: 'cluster',
    access: mayRead({ namespace: 'namespace', name: 'claim' }, { verb: 'get', ...claims }),
    summary: 'Get a persistent volume claim',
    responses: { 200: { description: 'The claim.', schema: ClusterClaim } },
    errors: [...readObjectErrors, 'CLAIM_NOT_FOUND'],
    errorPrefix: 'failed to get pvc: ',
    unprefixed: ['CLAIM_NOT_FOUND'],
  }),
};
