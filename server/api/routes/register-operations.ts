import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mayReadRecords } from '../../../contract/schemas/access.ts';
import type { BodySpec, Operation } from '../../../contract/operations/operation.ts';
import { operations, type OperationId } from '../../../contract/operations/operations.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { FairGate } from '../../domain/budgets/fair-gate.ts';
import type { SharedBudget } from '../../domain/budgets/shared-budget.ts';
import { namespaceReserved } from '../../domain/names/reserved-namespace.ts';
import { type Sharer, sharerOf } from '../../domain/access/sharer.ts';
import type { AuditLog } from '../../ports/runtime/audit-log.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { UploadedArchive } from '../../services/tasks/release-mutation.ts';
import { type AccessCheck, createAccessCheck, type AccessParts } from './access-check.ts';
import { archiveFile, receiveChartForm, type ChartFormLimits, type ReceivedArchive } from '../requests/chart-form.ts';
import { createContentGate } from './content-gate.ts';
import { handlerOf, type AnyHandler, type AnyReply, type Handlers } from '../handlers/handler.ts';
import { sendLongJson } from '../answers/json-answer.ts';
import type { OriginalMode } from '../problems/original-mode.ts';
import { createRequestAudit } from './request-audit.ts';
import type { BodyIntake } from '../http/body-intake.ts';
import type { Pace } from '../http/pace.ts';
import { holderOf, noteCaller } from '../http/request-caller.ts';
import { readPath } from '../requests/path-parsing.ts';
import { sendProblem, step } from '../problems/problem-response.ts';
import { readQuery, type QueryTexts } from '../requests/query-parsing.ts';
import type { ReadBody } from '../requests/read-operation-body.ts';
import { invalid } from '../requests/validate-body.ts';
import { warningsHeader } from '../answers/warnings-header.ts';
import { rm } from 'node:fs/promises';

/** What reading requests needs beside the contract. */
export interface RequestReading extends Omit<ChartFormLimits, 'intake'> {
  /** Deepest nesting of a JSON body. */
  readonly jsonDepth: number;
  /** Most values of a JSON body. */
  readonly jsonValues: number;
  /** Reads bodies, where that takes long in a thread. */
  readonly readBody: ReadBody;
  /** Bytes of bodies that callers have in memory. */
  readonly bodyBudget: SharedBudget;
  /** Longest time between two pieces of a body. */
  readonly bodyIdleMs: number;
  /** Event streams that callers have open. */
  readonly requestBudget: SharedBudget;
  readonly pace: Pace;
  /** Whose turn it is to read records: each is in memory several times until it is shown. */
  readonly recordReads: FairGate;
  readonly streamBudget: SharedBudget;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  /** Verifies that an archive in the chart folder is a chart, and says which. @throws ProblemError CHART_* */
  readonly checkChart: (digest: string, call: ArchiveCheck) => Promise<StoredChart>;
  readonly access: AccessParts;
  /** Why nothing but the system operations can be answered yet; null once everything can. */
  readonly starting: () => string | null;
  /** Whether there is anything yet that reads which may be incomplete could tell. */
  readonly hasSomething: () => boolean;
  /** Where every change that is asked for leaves a trace. */
  readonly audit: AuditLog;
  /** Aborted when the server stops: nobody is kept waiting any longer. */
  readonly stopping: AbortSignal;
  /** The only namespaces that there is something to be told or done in; empty: all (decision 45). */
  readonly watchNamespaces: readonly string[];
  /** Walm's own namespace, in which nobody changes anything through it. */
  readonly systemNamespace: string;
  /** Present: answer as the original Walm did. */
  readonly original?: OriginalMode;
}

/** What reading requests needs, and the way their bodies come in. */
type Reading = RequestReading & { readonly intake: BodyIntake };

interface ParsedBody {
  readonly body: unknown;
  readonly archive?: UploadedArchive;
  readonly warnings: readonly Warning[];
}

/** Adds a route for every operation of the contract. */
export function registerOperations(
  app: FastifyInstance,
  handlers: Handlers,
  reading: RequestReading,
  intake: BodyIntake,
): void {
  for (const id of Object.keys(operations) as OperationId[]) {
    registerOperation(app, id, handlerOf(handlers, id), { ...reading, intake });
  }
}

/** Who sends a request, noted for what comes after. Those who wait for one answer do not go on together, known or not. */
async function identifyAtPace(access: AccessCheck, request: FastifyRequest, pace: Pace): Promise<Caller | null> {
  try {
    const caller = await access.identify(request);
    noteCaller(request, caller);
    return caller;
  } finally {
    await pace(holderOf(request));
  }
}

function registerOperation(app: FastifyInstance, id: OperationId, handler: AnyHandler, reading: Reading): void {
  const row: Operation = operations[id];
  const audit = createRequestAudit(id, row, reading.audit);
  const access = createAccessCheck(row, reading.access);
  const judged = new WeakMap<FastifyRequest, JudgedRequest>();
  const limitContent = createContentGate(row.responses);
  const readsRecords = row.access === mayReadRecords;
  const isStream = row.responses[200]?.contentType === 'text/event-stream';
  app.route({
    method: row.method,
    url: row.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    errorHandler(error, request, reply) {
      const { code } = sendProblem(error, row, request, reply, reading.original);
      audit.note(request, { code });
    },
    onResponse: async (request, reply) => audit.write(request, reply),
    // Before anything of the body is read: who may not do this is not listened to.
    onRequest: async (request, reply) => {
      const caller = await identifyAtPace(access, request, reading.pace);
      if (!isStream) {
        takePlace(request, reply, reading.requestBudget, 'TOO_MANY_REQUESTS');
      }
      audit.note(request, { caller });
      refuseWhileStarting(row, reading);
      const { path, query, warnings } = await step('', () => {
        reading.original?.mustHaveContentType(request.method, request.headers['content-type']);
        return {
          path: readPath(request.params as Readonly<Record<string, string>>),
          ...readParameters(row, request, reading),
        };
      });
      if (row.method === 'GET') {
        // Documents of reads have no room for warnings, and an error is an answer, too.
        reply.headers(warningsHeader(warnings));
      }
      refuseElsewhere(path['namespace'], reading);
      try {
        await access.demand(caller, { path, query });
      } finally {
        await reading.pace(holderOf(request));
      }
      refuseReserved(row, path['namespace'], reading);
      judged.set(request, { caller, path, query, warnings });
    },
    handler: async (request, reply) => {
      const { caller, path, query, warnings } = judgementOf(judged, request);
      const signal = AbortSignal.any([hangUpSignal(reply), reading.stopping]);
      const check = { signal, requestId: request.id, sharer: sharerOf(caller, path['namespace']) };
      const parsed = await parseBody(id, row.body, request, reading, check);
      const { release } = nameIn(parsed.body);
      await access.demandNamed(caller, { path, release });
      audit.note(request, { ...(release !== undefined && { release }), preview: query['dryrun'] === true });
      const all = [...warnings, ...parsed.warnings];
      if (query['strict'] === true && all.length > 0) {
        throw invalid(all.map((warning) => ({ pointer: warning.path ?? 'the query', message: warning.message })));
      }
      const { body, archive } = parsed;
      const context = {
        requestId: request.id,
        caller,
        visible: reading.access.authorization.visibleTo(caller),
        signal,
        warnings: all,
        idempotencyKey: idempotencyKey(row, request),
        lastEventId: request.headers['last-event-id']?.toString(),
      };
      if (isStream) {
        takePlace(request, reply, reading.streamBudget, 'TOO_MANY_STREAMS');
      }
      const { original } = reading;
      const asked = original?.lenient(row, query) ?? query;
      const work = () => unlessAborted(handler({ ...context, path, query: asked, body, archive }), signal);
      const full = await (readsRecords ? reading.recordReads.run(holderOf(request), work) : work());
      const given = await limitContent(full, reading.access.authorization.contentOf(caller));
      // The original had no previews: there is something to be told.
      const told = query['dryrun'] === true ? given : (original?.reply(row, given) ?? given);
      return answer(row, told, reply);
    },
  });
}

/** What is known of a request before its body is read; the caller may do what its path and query name. */
interface JudgedRequest extends ReturnType<typeof readParameters> {
  readonly caller: Caller | null;
  readonly path: Record<string, string>;
}

/** A request that nobody judged is a defect of ours, and not Walm's own. */
function judgementOf(judged: WeakMap<FastifyRequest, JudgedRequest>, request: FastifyRequest): JudgedRequest {
  const judgement = judged.get(request);
  if (judgement === undefined) {
    throw new Error('the request reached its handler unjudged');
  }
  return judgement;
}

/** What went wrong because the request was given up is told as the reason of that. */
async function unlessAborted<T>(handled: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await handled;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** The original ignored what it did not know. */
function readParameters(row: Operation, request: FastifyRequest, { original }: RequestReading) {
  const isRead = row.method === 'GET' || original !== undefined;
  const { values, warnings } = readQuery(row.query ?? {}, request.query as QueryTexts, isRead ? 'warn' : 'refuse');
  return { query: values, warnings };
}

function refuseWhileStarting(row: Operation, { starting, hasSomething }: RequestReading): void {
  const isServed = row.tag === 'system' || (row.servesStale === true && hasSomething());
  const reason = isServed ? null : starting();
  if (reason !== null) {
    throw problem('NOT_READY', `the server is starting: ${reason}`, { parts: [] });
  }
}

function refuseElsewhere(namespace: string | undefined, { watchNamespaces }: RequestReading): void {
  if (namespace !== undefined && watchNamespaces.length > 0 && !watchNamespaces.includes(namespace)) {
    throw problem(
      'NAMESPACE_NOT_WATCHED',
      `this Walm looks after the namespaces ${watchNamespaces.join(', ')}, and not after ${namespace}`,
      { namespaces: watchNamespaces },
      { kind: 'Namespace', name: namespace },
    );
  }
}

/** Nothing that changes or renders releases is done in Walm's own namespace. */
function refuseReserved(row: Operation, namespace: string | undefined, { systemNamespace }: RequestReading): void {
  if (namespace === systemNamespace && row.method !== 'GET') {
    throw namespaceReserved(namespace);
  }
}

/** The release that a body names. */
function nameIn(body: unknown): { release?: string } {
  const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
  return typeof name === 'string' ? { release: name } : {};
}

/** The header Idempotency-Key, where it means something. @throws ProblemError HEADER_INVALID when it is empty or too long */
function idempotencyKey({ requestHeaders = {} }: Operation, request: FastifyRequest): string | undefined {
  if (!Object.hasOwn(requestHeaders, 'Idempotency-Key')) {
    return undefined;
  }
  const { 'idempotency-key': key } = request.headers;
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > 200)) {
    throw problem('HEADER_INVALID', 'the header Idempotency-Key must have 1 to 200 characters', {
      header: 'Idempotency-Key',
    });
  }
  return key;
}

/** Aborted when the client hangs up before it has the answer. */
function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) {
      controller.abort(problem('CANCELLED', 'the client closed the connection'));
    }
  });
  return controller.signal;
}

/** What one caller may have of something that lasts as long as the answer. */
const TOO_MANY = {
  TOO_MANY_REQUESTS: 'as many requests are under way as one caller may have: wait until some of them are answered',
  TOO_MANY_STREAMS: 'as many event streams are open as one caller may have: close some of them',
} as const;

/** A request, or an event stream, counts until it has ended. @throws ProblemError of that code */
function takePlace(
  request: FastifyRequest,
  reply: FastifyReply,
  budget: SharedBudget,
  code: keyof typeof TOO_MANY,
): void {
  const release = budget.take(holderOf(request), 1);
  if (release === null) {
    throw problem(code, TOO_MANY[code]);
  }
  reply.raw.once('close', release);
}

/** What goes with the check of an archive that came with a request. */
type ArchiveCheck = { signal: AbortSignal; requestId: string; sharer: Sharer };

async function parseBody(
  id: OperationId,
  spec: BodySpec | undefined,
  request: FastifyRequest,
  reading: Reading,
  check: ArchiveCheck,
): Promise<ParsedBody> {
  switch (spec?.kind) {
    case undefined:
      return { body: undefined, warnings: [] };
    case 'json':
      return step(spec.errorPrefix ?? 'failed to read request body: ', () =>
        readJson(id, (request.body as Buffer | undefined) ?? new Uint8Array(), 'unexpected EOF', request, reading),
      );
    case 'chart-form':
      return parseForm(id, request, reading, check);
    default:
      return spec satisfies never;
  }
}

function readJson(
  operation: OperationId,
  bytes: Uint8Array,
  endOfText: string,
  request: FastifyRequest,
  { readBody, jsonDepth: maxDepth, jsonValues: maxValues }: Reading,
): Promise<ParsedBody> {
  return readBody({ operation, bytes, options: { maxDepth, maxValues, endOfText } }, holderOf(request));
}

async function parseForm(
  id: OperationId,
  request: FastifyRequest,
  reading: Reading,
  check: ArchiveCheck,
): Promise<ParsedBody> {
  const form = await step('failed to read chart archive: ', () => receiveChartForm(request, reading));
  try {
    const { body, warnings } = await step('failed to read release request: ', () =>
      readJson(id, form.body ?? Buffer.from('{}'), 'unexpected end of JSON input', request, reading),
    );
    const named = typeof body === 'object' && body !== null && form.release ? { ...body, name: form.release } : body;
    const received = await step('failed to read chart archive: ', () => form.keep());
    const chart = await step('failed to load chart archive: ', () => checkArchive(received, reading, check));
    const archive = { ...chart, fileName: received.fileName };
    return { body: named, archive, warnings };
  } catch (error) {
    await form.discard();
    throw error;
  }
}

/** Lets the engine judge the archive; what is no chart does not stay. */
async function checkArchive(
  archive: ReceivedArchive,
  reading: RequestReading,
  check: ArchiveCheck,
): Promise<StoredChart> {
  try {
    return await reading.checkChart(archive.digest, check);
  } catch (error) {
    if (error instanceof ProblemError && error.code.startsWith('CHART_')) {
      await rm(archiveFile(reading.chartFolder, archive.digest), { force: true });
    }
    throw error;
  }
}

async function answer(row: Operation, { status, body, headers }: AnyReply, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(status).headers({ ...headers });
  const contentType = row.responses[status]?.contentType;
  if (row.responses[status]?.streamed === true) {
    return reply.header('content-type', 'application/json').send(body);
  }
  if (contentType !== undefined) {
    return reply.header('content-type', contentType).send(body);
  }
  return body === undefined ? reply.send() : sendLongJson(reply, body);
}
