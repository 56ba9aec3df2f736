import { Type } from 'typebox';
import { anyToken, open } from '../schemas/access.ts';
import { AnyObject } from '../schemas/json.ts';
import { operation, type ResponseSpec } from './operation.ts';
import { ServerStatus } from '../schemas/server-status.ts';

const ok = { description: '`"OK"`', schema: Type.Literal('OK') } as const satisfies ResponseSpec;

/** The operations on the server itself. */
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
};
