import { Type } from 'typebox';
import { mayOn } from '../../schemas/access.ts';
import { AnnotationChange, LabelChange, TaintChange, TaintPreview } from '../../schemas/cluster/node-change.ts';
import { ClusterNode, ClusterNodeList } from '../../schemas/cluster/node.ts';
import { operation } from '../parts/operation.ts';
import { changeObjectErrors, readObjectErrors } from '../parts/release-errors.ts';
import { changed } from './changed.ts';
import { objectListQuery } from './object-list-query.ts';

const nodes = { group: '', resource: 'nodes' } as const;

/** The operations on the nodes of the cluster. */
export const nodeOperations = {
  listNodes: operation({
    method: 'GET',
    path: '/api/v1/node',
    tag: 'cluster',
    access: mayOn({ namespace: null }, { verb: 'list', ...nodes }),
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
    access: mayOn({ namespace: null, name: 'node' }, { verb: 'get', ...nodes }),
    summary: 'Get a node of the cluster, and what is taken of it',
    responses: { 200: { description: 'The node.', schema: ClusterNode } },
    errors: [...readObjectErrors, 'NODE_NOT_FOUND'],
    errorPrefix: 'failed to get node: ',
    unprefixed: ['NODE_NOT_FOUND'],
  }),
  labelNode: operation({
    method: 'POST',
    path: '/api/v1/node/{node}/labels',
    tag: 'cluster',
    access: mayOn({ namespace: null, name: 'node' }, { verb: 'patch', ...nodes }),
    summary: 'Set and remove labels of a node',
    description:
      'Written in the name of the caller. Pods that select nodes by these labels may stay unscheduled afterwards.',
    body: { kind: 'json', schema: LabelChange, description: 'The labels.' },
    responses: { 200: changed },
    errors: [...changeObjectErrors, 'LABEL_INVALID', 'NODE_NOT_FOUND'],
    errorPrefix: 'failed to label node {node}: ',
  }),
  annotateNode: operation({
    method: 'POST',
    path: '/api/v1/node/{node}/annotations',
    tag: 'cluster',
    access: mayOn({ namespace: null, name: 'node' }, { verb: 'patch', ...nodes }),
    summary: 'Set and remove annotations of a node',
    description: 'Written in the name of the caller.',
    body: { kind: 'json', schema: AnnotationChange, description: 'The annotations.' },
    responses: { 200: changed },
    errors: [...changeObjectErrors, 'LABEL_INVALID', 'NODE_NOT_FOUND'],
    errorPrefix: 'failed to annotate node {node}: ',
  }),
  taintNode: operation({
    method: 'POST',
    path: '/api/v1/node/{node}/taints',
    tag: 'cluster',
    access: mayOn({ namespace: null, name: 'node' }, { verb: 'get', ...nodes }, { verb: 'patch', ...nodes }),
    summary: 'Set and remove taints of a node',
    description:
      'In the name of the caller. A taint with the effect `NoExecute` evicts pods that do not tolerate it, with what they wrote outside of their claims: look at `dryrun=true` first.',
    query: {
      dryrun: Type.Boolean({
        description: 'Only report which taints the node would have, and which pods would be evicted.',
        default: false,
      }),
    },
    body: { kind: 'json', schema: TaintChange, description: 'The taints.' },
    responses: {
      200: {
        ...changed,
        description: `${changed.description} With \`dryrun=true\`: what the operation would do.`,
        schema: Type.Union([changed.schema, TaintPreview]),
      },
    },
    errors: [...changeObjectErrors, 'CANCELLED', 'LABEL_INVALID', 'NODE_NOT_FOUND', 'TOO_MANY_OBJECTS'],
    errorPrefix: 'failed to taint node {node}: ',
  }),
};
