import { Type } from 'typebox';
import { mayOn } from '../../schemas/access.ts';
import { ClaimRemoval, ClaimRemovals } from '../../schemas/cluster/claim-removal.ts';
import { ClusterClaim, ClusterClaimList } from '../../schemas/cluster/claim.ts';
import { operation } from '../parts/operation.ts';
import { changeObjectErrors, readObjectErrors } from '../parts/release-errors.ts';
import { changed, ignoreNotFound } from './changed.ts';
import { objectListQuery } from './object-list-query.ts';

const claims = { group: '', resource: 'persistentvolumeclaims' } as const;

const dryrun = Type.Boolean({
  description: 'Only report what would be deleted, and what would stay and why.',
  default: false,
});

/** The operations on persistent volume claims. */
export const claimOperations = {
  listClaims: operation({
    method: 'GET',
    path: '/api/v1/pvc/{namespace}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace' }, { verb: 'list', ...claims }),
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
    access: mayOn({ namespace: 'namespace', name: 'claim' }, { verb: 'get', ...claims }),
    summary: 'Get a persistent volume claim',
    responses: { 200: { description: 'The claim.', schema: ClusterClaim } },
    errors: [...readObjectErrors, 'CLAIM_NOT_FOUND'],
    errorPrefix: 'failed to get pvc: ',
    unprefixed: ['CLAIM_NOT_FOUND'],
  }),
  deleteClaim: operation({
    method: 'DELETE',
    path: '/api/v1/pvc/{namespace}/name/{claim}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace', name: 'claim' }, { verb: 'delete', ...claims }),
    summary: 'Delete a persistent volume claim, and the data of its volume',
    description:
      'In the name of the caller. A claim that a pod mounts, or that a StatefulSet would mount again, is refused. What becomes of the volume is decided by the reclaim policy of its class.',
    query: { dryrun, ignoreNotFound },
    responses: {
      200: {
        ...changed,
        description: `${changed.description} With \`dryrun=true\`: what would be deleted.`,
        schema: Type.Union([changed.schema, ClaimRemoval]),
      },
    },
    errors: [...changeObjectErrors, 'CLAIM_IN_USE', 'CLAIM_NOT_FOUND', 'NAMESPACE_RESERVED'],
    errorPrefix: 'failed to delete pvc : ',
  }),
  deleteClaims: operation({
    method: 'DELETE',
    path: '/api/v1/pvc/{namespace}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace' }, { verb: 'list', ...claims }, { verb: 'delete', ...claims }),
    summary: 'Delete the persistent volume claims that match a selector',
    description:
      'In the name of the caller, each claim by itself: one that is in use stays, and the others are deleted. More than `limit` are refused, and then all of them stay.',
    query: {
      labelselector: Type.String({
        description: 'Kubernetes label selector, evaluated on the labels of the claims; must not be empty.',
        minLength: 1,
        maxLength: 4_096,
      }),
      limit: Type.Integer({
        description: 'Maximum matching claims: if more match, nothing is deleted and the call fails.',
        default: 20,
        minimum: 1,
        maximum: 1_000,
      }),
      dryrun,
    },
    responses: {
      200: { description: 'What became of each claim.', schema: ClaimRemovals, mayBeEmpty: true },
    },
    errors: [
      ...changeObjectErrors,
      'CANCELLED',
      'CLAIM_IN_USE',
      'NAMESPACE_RESERVED',
      'TOO_MANY_CLAIMS',
      'TOO_MANY_OBJECTS',
    ],
    errorPrefix: 'failed to delete pvcs: ',
  }),
};
