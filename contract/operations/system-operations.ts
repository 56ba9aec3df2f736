import { Type } from 'typebox';
import { anyToken, open, openToAll } from '../schemas/access.ts';
import { AccessOverview } from '../schemas/access-overview.ts';
import { AnyObject } from '../schemas/json.ts';
import { DNS_LABEL } from '../schemas/name-syntax.ts';
import { Session } from '../schemas/session.ts';
import { operation, type ResponseSpec } from './parts/operation.ts';
import { ServerStatus } from '../schemas/server-status.ts';

const ok = { description: '`"OK"`', schema: Type.Literal('OK') } as const satisfies ResponseSpec;

/** Namespaces that one answer judges at most: each may take two questions to the cluster. */
const MAX_JUDGED_NAMESPACES = 500;

/** The operations on the server itself, and those that tell a client where it is and what it may do. */
export const systemOperations = {
  readiness: operation({
    method: 'GET',
    path: '/readiness',
    tag: 'system',
    access: open,
    summary: 'Readiness probe: whether all parts of the server are ready',
    description: 'A 503 lists in `details.parts` each part that is not ready, with the reason.',
    responses: { 200: ok },
    errors: ['NOT_READY'],
    errorPrefix: '',
  }),
  liveness: operation({
    method: 'GET',
    path: '/liveness',
    tag: 'system',
    access: open,
    summary: 'Liveness probe: whether the process is alive',
    responses: { 200: ok },
    errors: [],
    errorPrefix: '',
  }),
  livenessAlias: operation({
    method: 'GET',
    path: '/liveniess',
    tag: 'system',
    access: open,
    summary: 'Liveness probe at the path of the original Walm',
    responses: { 200: ok },
    errors: [],
    errorPrefix: '',
  }),
  getServerStatus: operation({
    method: 'GET',
    path: '/api/v1/status',
    tag: 'system',
    access: anyToken,
    summary: 'Get the health of each part of this server, and since when',
    description: 'Every replica answers for itself, whether ready or not.',
    responses: { 200: { description: 'The status.', schema: ServerStatus } },
    errors: [],
    errorPrefix: '',
  }),
  metrics: operation({
    method: 'GET',
    path: '/metrics',
    tag: 'system',
    access: open,
    summary: 'Metrics for Prometheus',
    responses: {
      200: { description: 'Text exposition format.', schema: Type.String(), contentType: 'text/plain; version=0.0.4' },
    },
    errors: [],
    errorPrefix: '',
  }),
  openApi: operation({
    method: 'GET',
    path: '/api/v1/openapi.json',
    tag: 'system',
    access: open,
    summary: 'Get the OpenAPI document of the API',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: AnyObject } },
    errors: [],
    errorPrefix: '',
  }),
  getSession: operation({
    method: 'GET',
    path: '/api/v1/session',
    tag: 'system',
    access: openToAll,
    summary: 'Get how to sign in, who one is, versions and limits',
    description:
      'Answers without a token, and with one that the cluster does not accept: `caller` is null then. Contains no name of a release or namespace.',
    responses: { 200: { description: 'The session.', schema: Session } },
    errors: ['CLUSTER_UNREACHABLE', 'TOO_MANY_REVIEWS', 'TOO_MANY_TOKENS'],
    errorPrefix: 'failed to get the session: ',
  }),
  getAccess: operation({
    method: 'GET',
    path: '/api/v1/access',
    tag: 'system',
    access: anyToken,
    summary: 'Get what the caller may do, and which rights are missing',
    description:
      'Judges the rights that operations need on releases of any name; a right on a single release is not looked for. What a chart contains needs further rights, which the cluster judges when it is applied. Rights on the cluster are cached for 3 s.',
    query: {
      namespace: Type.Optional(
        Type.String({
          description: 'Judge the operations in this namespace, and list no other; absent: in all namespaces at once.',
          pattern: DNS_LABEL,
        }),
      ),
      limit: Type.Integer({
        description: 'How many namespaces to judge.',
        default: 100,
        minimum: 1,
        maximum: MAX_JUDGED_NAMESPACES,
      }),
      continue: Type.Optional(Type.String({ description: '`continue` of the previous page.', pattern: DNS_LABEL })),
    },
    responses: { 200: { description: 'What the caller may do.', schema: AccessOverview } },
    errors: [],
    errorPrefix: 'failed to get the access: ',
  }),
};
