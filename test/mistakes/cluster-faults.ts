import { answer, statusBody } from '../harness/fakes/scripted-api-server.ts';
import type { ServerResponse } from 'node:http';

/** How a cluster refuses a write, or fails to answer it. */
export interface ClusterFault {
  what: string;
  /** Relative frequency. */
  weight: number;
  refuse(response: ServerResponse): void;
}

type Details = Record<string, unknown>;

function refusal(code: number, reason: string, message: string, details?: Details, headers: object = {}): ClusterFault {
  const body = { ...statusBody(code, reason, message), ...(details && { details }) };
  return {
    what: `${code} ${message.slice(0, 60)}`,
    weight: 1,
    refuse: (response) => answer(response, code, body, headers),
  };
}

/**
 * An answer that does not come from the API server's own code, but from a proxy before it, or from the storage behind
 * it.
 */
function text(status: number, type: string, content: string): ClusterFault {
  return {
    what: `${status} ${content.slice(0, 40)}`,
    weight: 1,
    refuse: (response) => void response.writeHead(status, { 'content-type': type }).end(content),
  };
}

const denied = (code: number, message: string) =>
  refusal(code, 'Forbidden', `admission webhook "no.example" denied the request${message}`);
const thing = { group: 'apps', kind: 'Deployment', name: 'web' };

/** Every kind of refusal that public clusters produce. */
export const CLUSTER_FAULTS: readonly ClusterFault[] = [
  refusal(
    403,
    'Forbidden',
    'configmaps "x" is forbidden: User "a" cannot patch resource "configmaps" in API group "" in the namespace "n"',
    { name: 'x', kind: 'configmaps' },
  ),
  refusal(
    403,
    'Forbidden',
    'services "x" is forbidden: exceeded quota: tight, requested: count/services=1, used: count/services=0, limited: count/services=0',
    { name: 'x', kind: 'services' },
  ),
  refusal(403, 'Forbidden', 'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'),
  refusal(
    403,
    'Forbidden',
    'configmaps "x" is forbidden: unable to create new content in namespace n because it is being terminated',
    {
      causes: [
        { reason: 'NamespaceTerminating', message: 'namespace n is being terminated', field: 'metadata.namespace' },
      ],
    },
  ),
  refusal(
    422,
    'Invalid',
    "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: no",
    { ...thing, causes: [{ message: 'no' }] },
  ),
  denied(400, ': no'),
  denied(403, ' without explanation'),
  denied(403, `: ${'long '.repeat(20_000)}`),
  denied(409, ': try again'),
  denied(418, ': I am a teapot'),
  denied(422, ': \u0007 odd \ud83d\ude00 \u2028 %s'),
  denied(500, ': my own failure'),
  denied(503, ': later'),
  refusal(
    500,
    'InternalError',
    'Internal error occurred: failed calling webhook "no.example": failed to call webhook: Post "https://no.example.svc:443/x?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused',
    { causes: [{ message: 'failed calling webhook "no.example"' }] },
  ),
  refusal(
    500,
    'InternalError',
    'Internal error occurred: failed calling webhook "no.example": failed to call webhook: Post "https://no.example.svc:443/x?timeout=10s": context deadline exceeded',
  ),
  refusal(500, 'InternalError', 'Internal error occurred: admission plugin "x" failed to complete mutation in 13s'),
  refusal(500, '', 'etcdserver: request timed out'),
  refusal(500, 'InternalError', 'Internal error occurred: resource quota evaluation timed out'),
  refusal(422, 'Invalid', 'Deployment.apps "web" is invalid: spec.selector: Invalid value: {}: field is immutable', {
    ...thing,
    causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value: {}: field is immutable', field: 'spec.selector' }],
  }),
  refusal(422, 'Invalid', 'Deployment.apps "web" is invalid', { ...thing, causes: [] }),
  refusal(422, 'Invalid', ''),
  refusal(409, 'Conflict', 'Apply failed with 1 conflict: conflict with "someone" using apps/v1: .spec.replicas', {
    ...thing,
    causes: [
      { reason: 'FieldManagerConflict', message: 'conflict with "someone" using apps/v1', field: '.spec.replicas' },
    ],
  }),
  refusal(
    409,
    'Conflict',
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    thing,
  ),
  refusal(409, 'AlreadyExists', 'object is being deleted: deployments.apps "web" already exists', thing),
  refusal(404, 'NotFound', 'namespaces "n" not found', { name: 'n', kind: 'namespaces' }),
  refusal(404, 'NotFound', 'the server could not find the requested resource'),
  refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
  refusal(410, 'Gone', 'gone'),
  refusal(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
  refusal(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format'),
  refusal(
    429,
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
    { retryAfterSeconds: 1 },
    { 'retry-after': '1' },
  ),
  refusal(503, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
  refusal(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout'),
  refusal(401, 'Unauthorized', 'Unauthorized'),
  text(502, 'text/html', '<html><body>Bad Gateway</body></html>'),
  text(500, 'text/plain', 'stream error'),
  text(403, 'text/html', '<html><body>Blocked by policy</body></html>'),
  text(200, 'text/html', '<html><body>Please log in</body></html>'),
  text(201, 'application/json', '{"kind":'),
  text(200, 'application/json', '{}'),
  { what: 'a connection that breaks', weight: 3, refuse: (response) => response.destroy() },
];
