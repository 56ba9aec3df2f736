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
    summary: 'Whether the server serves what it should',
    description: 'The 503 names in `details.parts` each part that is not ready, and why.',
    responses: { 200: ok },
    errors: ['NOT_READY'],
    errorPrefix: '',
  }),
  liveness: operation({
    method: 'GET',
    path: '/liveness',
    tag: 'system',
    access: open,
    summary: 'Whether the process is alive',
    responses: { 200: ok },
    errors: [],
    errorPrefix: '',
  }),
  livenessAlias: operation({
    method: 'GET',
    path: '/liveniess',
    tag: 'system',
    access: open,
    summary: "The same in the original's spelling",
    responses: { 200: ok },
    errors: [],
    errorPrefix: '',
  }),
  getServerStatus: operation({
    method: 'GET',
    path: '/api/v1/status',
    tag: 'system',
    access: anyToken,
    summary: 'How this server is doing, part by part, and since when',
    description: 'Answered by any replica about itself, ready or not.',
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
    summary: 'This description of the API',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: AnyObject } },
    errors: [],
    errorPrefix: '',
  }),
};
