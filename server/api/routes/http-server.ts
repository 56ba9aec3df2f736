import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { JsonObject } from '../../../contract/schemas/json.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import { answerClientError, answerWhatNodeWouldNot } from '../problems/client-error.ts';
import type { Handlers } from '../handlers/handler.ts';
import { guardHost, guardSite } from '../http/host-guard.ts';
import { createBodyIntake, declaredLength } from '../http/body-intake.ts';
import { limitConnections } from '../http/connection-limit.ts';
import { holderOf } from '../http/request-caller.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { sendProblem } from '../problems/problem-response.ts';
import { drainUnreadBodies } from '../http/unread-bodies.ts';
import { closePromptly } from '../http/prompt-closing.ts';
import { registerOperations, type RequestReading } from './register-operations.ts';
import { methodsAt } from './route-index.ts';
import { registerOriginalAddresses, registerOriginalStats } from './original-root.ts';
import { registerSwaggerPage } from './swagger-page.ts';

/** What the HTTP server needs from the rest of the server. */
export interface HttpServerDependencies {
  readonly handlers: Handlers;
  readonly reading: RequestReading;
  readonly document: JsonObject;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly options: {
    /** Maximum time for a client to send a request. */
    readonly requestTimeoutSec: number;
    /** Maximum time for a client to send the headers of a request. */
    readonly headerTimeoutSec: number;
    /** Maximum open connections per client address; 0 means no limit. */
    readonly connectionsPerAddress: number;
    readonly keepAliveSec: number;
    readonly headerBytes: number;
  };
}

/** The server as created, before it listens. */
export type HttpServer = FastifyInstance;

/** How often connections are checked for clients that send too slowly. */
const CHECKING_MS = 2_000;

/** Request ids that a client may choose. */
const saneRequestId = /^[\w.:-]{1,128}$/;

/** Creates the HTTP server of the whole contract; it does not listen yet. */
export async function createHttpServer(dependencies: HttpServerDependencies): Promise<HttpServer> {
  const { handlers, reading, document, log, metrics, options } = dependencies;
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    bodyLimit: reading.bodyBytes,
    requestTimeout: options.requestTimeoutSec * 1000,
    keepAliveTimeout: options.keepAliveSec * 1000,
    // Node would answer a request without a Host itself, with only a status; guardHost explains the problem.
    http: {
      maxHeaderSize: options.headerBytes,
      requireHostHeader: false,
      headersTimeout: options.headerTimeoutSec * 1000,
      connectionsCheckingInterval: CHECKING_MS,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors(error, request, reply) {
      reply.headers({ ...securityHeaders, 'x-request-id': request.id });
      sendProblem(error, undefined, request, reply);
    },
  });
  app.removeAllContentTypeParsers();
  const { bodyBudget: budget, bodyIdleMs: idleMs, bodyBytes, clock } = reading;
  const intake = createBodyIntake({ budget, clock, idleMs });
  app.addContentTypeParser('application/json', (request: FastifyRequest, payload: IncomingMessage) =>
    intake.read(request, payload, bodyBytes, declaredLength(request)),
  );
  await app.register(multipart, { throwFileSizeLimit: false });
  app.addHook('onRequest', async (request, reply) => {
    // Requests that arrive together would otherwise be processed in one turn.
    await reading.pace(holderOf(request));
    reply.headers({ ...securityHeaders, 'x-request-id': request.id });
    guardSite(request);
    // A server that requires tokens needs no such guard: a web page has no token.
    if (reading.access.identify === null) {
      guardHost(request);
    }
    // Before any of the body is read, because it is not needed.
    if (request.is404) {
      answerNotFound(request, reply);
      return reply;
    }
    intake.open(request, reply);
    return undefined;
  });
  closePromptly(app);
  drainUnreadBodies(app, clock);
  app.addHook('onResponse', observeRequests(metrics));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  answerWhatNodeWouldNot(app.server);
  limitConnections(app.server, options.connectionsPerAddress, metrics);
  metrics.gauge('walm_http_body_bytes', 'Bytes of request bodies in memory.', () => budget.taken());
  metrics.gauge('walm_http_answer_bytes', 'Bytes of answers that their readers have not taken yet.', () =>
    reading.unreadAnswers.total(),
  );
  metrics.gauge('walm_http_requests_under_way', 'Requests under way, event streams left out.', () =>
    reading.requestBudget.taken(),
  );
  metrics.gauge('walm_event_streams', 'Open event streams.', () => reading.streamBudget.taken());
  registerOriginalAddresses(app);
  if (reading.original !== undefined) {
    registerOriginalStats(app, clock);
  }
  registerOperations(app, handlers, reading, intake);
  registerSwaggerPage(app, document, {
    answerNotFound,
    answerError,
    drainBodies: (page) => drainUnreadBodies(page, clock),
  });
  return app;
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(error, undefined, request, reply);
}

/** Answers unknown routes: 405 if the path exists with other methods, else 404. */
function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0] ?? '';
  const methods = methodsAt(path);
  if (methods.length === 0) {
    const missing = problem('ROUTE_NOT_FOUND', `404: Page Not Found: there is nothing at ${path.slice(0, 200)}`);
    sendProblem(missing, undefined, request, reply);
    return;
  }
  reply.header('allow', methods.join(', '));
  const refused = problem(
    'METHOD_NOT_ALLOWED',
    `405: Method Not Allowed: ${path.slice(0, 200)} accepts ${methods.join(', ')}`,
  );
  sendProblem(refused, undefined, request, reply);
}

function observeRequests(metrics: Metrics) {
  const duration = metrics.histogram(
    'walm_http_request_duration_seconds',
    'Time from a request to the end of its answer.',
    ['method', 'route', 'status'],
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  );
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const route = request.routeOptions.url ?? 'none';
    const status = String(reply.statusCode);
    duration.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    const level = request.method === 'GET' || request.method === 'HEAD' ? 'debug' : 'info';
    const facts = { method: request.method, path: request.url.split('?')[0], status: reply.statusCode };
    request.log[level]({ ...facts, ms: Math.round(reply.elapsedTime) }, 'answered');
  };
}
