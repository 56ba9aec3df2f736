import { Type } from 'typebox';
import { MAX_WAIT_SEC } from '../../schemas/default-waits.ts';
import { mayOn } from '../../schemas/access.ts';
import { ClusterEventList, ClusterPod, ClusterPodList } from '../../schemas/cluster/pod.ts';
import { operation } from '../parts/operation.ts';
import { changeObjectErrors, readObjectErrors } from '../parts/release-errors.ts';
import { changed } from './changed.ts';
import { objectListQuery } from './object-list-query.ts';

const pods = { group: '', resource: 'pods' } as const;
const named = { namespace: 'namespace', name: 'pod' } as const;

/** The operations on pods. */
export const podOperations = {
  listPods: operation({
    method: 'GET',
    path: '/api/v1/pod/{namespace}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace' }, { verb: 'list', ...pods }),
    summary: 'List the pods of a namespace',
    description: 'From the live view of the server. Secrets of releases are `***`.',
    query: {
      ...objectListQuery,
      release: Type.Optional(Type.String({ description: 'Only pods of this release.', maxLength: 253 })),
      node: Type.Optional(Type.String({ description: 'Only pods on this node.', maxLength: 253 })),
      phase: Type.Optional(
        Type.Union(
          ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].map((phase) => Type.Literal(phase)),
          { description: 'Only pods in this phase.' },
        ),
      ),
    },
    responses: { 200: { description: 'The pods.', schema: ClusterPodList } },
    errors: readObjectErrors,
    errorPrefix: 'failed to list pods: ',
  }),
  getPod: operation({
    method: 'GET',
    path: '/api/v1/pod/{namespace}/name/{pod}',
    tag: 'cluster',
    access: mayOn(named, { verb: 'get', ...pods }),
    summary: 'Get a pod',
    responses: { 200: { description: 'The pod.', schema: ClusterPod } },
    errors: [...readObjectErrors, 'POD_NOT_FOUND'],
    errorPrefix: 'failed to get pod {pod}: ',
    unprefixed: ['POD_NOT_FOUND'],
  }),
  getPodLogs: operation({
    method: 'GET',
    path: '/api/v1/pod/{namespace}/name/{pod}/logs',
    tag: 'cluster',
    access: mayOn(named, { verb: 'get', group: '', resource: 'pods/log' }),
    summary: 'Read or follow the log of a container',
    description:
      'Read in the name of the caller, as fast as it is taken. What the container writes is shown as it is: secrets in it, too. With `follow=true` the log goes on until the container ends, for callers with a token at most 5 minutes: ask again with `sinceTime`.',
    query: {
      container: Type.Optional(
        Type.String({ description: 'Absent: the default container of the pod, else its first.', maxLength: 63 }),
      ),
      tail: Type.Optional(Type.Integer({ description: 'Only this many lines from the end.', minimum: 0 })),
      follow: Type.Boolean({ description: 'Go on with what is written later.', default: false }),
      previous: Type.Boolean({ description: 'Of the container before its last restart.', default: false }),
      sinceSec: Type.Optional(
        Type.Integer({ description: 'Only lines of the last so many seconds.', minimum: 1, maximum: MAX_WAIT_SEC }),
      ),
      sinceTime: Type.Optional(Type.String({ description: 'RFC 3339: only lines since this time.', maxLength: 64 })),
      timestamps: Type.Boolean({ description: 'Begin each line with its time.', default: false }),
      limitBytes: Type.Optional(
        Type.Integer({
          description: 'Only this many bytes; without `follow` at most 10 MiB, which is the default then.',
          minimum: 1,
          maximum: 1_073_741_824,
        }),
      ),
    },
    followedBy: 'follow',
    responses: {
      200: {
        description:
          'The log: a JSON string, or a stream of text with `follow=true`, and if `Accept` prefers `text/plain` to JSON.',
        schema: Type.String(),
        alternatives: ['text/plain'],
        bytesStreamed: true,
        headers: { 'Walm-Container': 'Name of the container whose log it is.' },
      },
    },
    errors: [
      ...readObjectErrors,
      'CONTAINER_NOT_FOUND',
      'CONTAINER_WAITING',
      'LOGS_UNAVAILABLE',
      'POD_NOT_FOUND',
      'TOO_MANY_STREAMS',
    ],
    errorPrefix: 'failed to get pod logs {pod}: ',
  }),
  listPodEvents: operation({
    method: 'GET',
    path: '/api/v1/pod/{namespace}/name/{pod}/events',
    tag: 'cluster',
    access: mayOn(named, { verb: 'get', ...pods }, { verb: 'list', group: '', resource: 'events' }),
    summary: 'List what happened to a pod, the newest last',
    description: 'The events of Kubernetes, read in the name of the caller. Secrets of releases are `***`.',
    responses: { 200: { description: 'The events.', schema: ClusterEventList } },
    errors: [...readObjectErrors, 'POD_NOT_FOUND'],
    errorPrefix: 'failed to get pod events {pod}: ',
  }),
  restartPod: operation({
    method: 'POST',
    path: '/api/v1/pod/{namespace}/name/{pod}/restart',
    tag: 'cluster',
    access: mayOn(named, { verb: 'delete', ...pods }),
    summary: 'Delete a pod, so that its controller makes another one',
    description:
      'In the name of the caller, with the grace period of the pod. What the pod wrote outside of its claims is lost. Returns before the other pod runs.',
    query: {
      force: Type.Boolean({
        description: 'Delete also a pod that no controller would make again.',
        default: false,
      }),
    },
    responses: { 200: changed },
    errors: [...changeObjectErrors, 'NAMESPACE_RESERVED', 'POD_NOT_FOUND', 'POD_UNMANAGED'],
    errorPrefix: 'failed to restart pod {pod}: ',
  }),
};
