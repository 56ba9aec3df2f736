import { Type } from 'typebox';
import { mayRead } from '../../schemas/access.ts';
import { ClusterNode, ClusterNodeList } from '../../schemas/cluster/node.ts';
import { operation } from '../parts/operation.ts';
import { objectListQuery } from './object-list-query.ts';
import { readObjectErrors } from '../parts/release-errors.ts';

const nodes = { group: '', resource: 'nodes' } as const;

/** The operations that read the nodes of the cluster. */
export const nodeOperations = {
  listNodes: operation({
    method: 'GET',
    path: '/api/v1/node',
    tag: 'cluster',
    access: mayRead({ namespace: null }, { verb: 'list', ...nodes }),
    summary: 'List the nodes of the cluster, and what is taken of them',
    description:
      'Read in the name of the caller. The sums of what pods request are of all namespaces, and at most 2 seconds old.',
    query: {
      ...objectListQuery,
      sort: Type.Union(
        [
          Type.Literal('name'),
          Type.Literal('-name'),
          Type.Literal('cpu'),
          Type.Literal('-cpu'),
          Type.Literal('memory'),
          Type.Literal('-memory'),
          Type.Literal('pods'),
          Type.Literal('-pods'),
        ],
        {
          description:
            'Field that the list is ordered by, with `-` downwards: the name, requested cores, requested memory, or pods.',
          default: 'name',
        },
      ),
    },
    responses: { 200: { description: 'The nodes.', schema: ClusterNodeList } },
    errors: readObjectErrors,
    errorPrefix: 'failed to get nodes: ',
  }),
  getNode: operation({
    method: 'GET',
    path: '/api/v1/node/{node}',
    tag: 'cluster',
    access: mayRead({ namespace: null, name: 'node' }, { verb: 'get', ...nodes }),
    summary: 'Get a node of the cluster, and what is taken of it',
    responses: { 200: { description: 'The node.', schema: ClusterNode } },
    errors: [...readObjectErrors, 'NODE_NOT_FOUND'],
    errorPrefix: 'failed to get node: ',
    unprefixed: ['NODE_NOT_FOUND'],
  }),
};
