import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mayReadRecords } from '../../../contract/schemas/access.ts';
import type { BodySpec, Operation } from '../../../contract/operations/parts/operation.ts';
import { operations, type OperationId } from '../../../contract/operations/operations.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { SharedBudget } from '../../domain/budgets/shared-budget.ts';
import { namespaceReserved } from '../../domain/names/reserved-namespace.ts';
import { type Sharer, sharerOf } from '../../domain/access/sharer.ts';
import type { AuditLog } from '../../ports/runtime/audit-log.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { UploadedArchive } from '../../services/tasks/release-mutation.ts';
import { type AccessCheck, createAccessCheck, type AccessParts } from './access-check.ts';
import { receiveChartForm, type ChartFormLimits } from '../requests/chart-form.ts';
import { createContentGate } from './content-gate.ts';
import { handlerOf, type AnyHandler, type Handlers } from '../handlers/handler.ts';
import type { OriginalMode } from '../problems/original-mode.ts';
import { createRequestAudit } from './request-audit.ts';
import { sendAnswer } from './send-answer.ts';
import { type AnswerPlaces, answerInTurn, placeForLong } from '../http/answer-places.ts';
import { type ArchiveUses, createArchiveUses } from '../requests/archive-uses.ts';
import type { BodyIntake } from '../http/body-intake.ts';
import type { Pace } from '../http/pace.ts';
import { holderOf, noteCaller } from '../http/request-caller.ts';
import { readPath } from '../requests/path-parsing.ts';
import { sendProblem, step } from '../problems/problem-response.ts';
import { isOn, readQuery, type QueryTexts } from '../requests/query-parsing.ts';
import type { ReadBody } from '../requests/read-operation-body.ts';
import { invalid } from '../requests/validate-body.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** What processing requests needs besides the contract. */
export interface RequestReading extends Omit<ChartFormLimits, 'intake'>, AnswerPlaces {
  /** Maximum nesting of a JSON body. */
  readonly jsonDepth: number;
  /** Maximum number of values in a JSON body. */
  readonly jsonValues: number;
  /** Parses bodies, in a thread if that takes long. */
  readonly readBody: ReadBody;
  /** Limits the bytes of bodies in memory, per caller. */
  readonly bodyBudget: SharedBudget;
  /** Maximum time between two chunks of a body. */
  readonly bodyIdleMs: number;
  /** Limits the open event streams, per caller. */
  readonly requestBudget: SharedBudget;
  readonly pace: Pace;
  readonly streamBudget: SharedBudget;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  /**
   * Verifies that an archive in the chart folder is a chart, and returns its name.
   * @throws ProblemError CHART_*
   */
  readonly checkChart: (digest: string, call: ArchiveCheck) => Promise<StoredChart>;
  readonly access: AccessParts;
  /** Why only the system operations can be served yet; null once all can. */
  readonly starting: () => string | null;
  /** Whether reads that may be incomplete have anything to return yet. */
  readonly hasSomething: () => boolean;
  /** The log of all requested changes. */
  readonly audit: AuditLog;
  /** Aborted when the server stops: no caller is kept waiting any longer. */
  readonly stopping: AbortSignal;
  /** The only namespaces that requests may name; empty: all (decision 45: watchNamespaces). */
  readonly watchNamespaces: readonly string[];
  /** Walm's own namespace, in which no request may change anything. */
  readonly systemNamespace: string;
  /** Present: answer like the original Walm. */
  readonly original?: OriginalMode;
}

/** What processing requests needs, and how their bodies arrive. */
type Reading = RequestReading & { readonly intake: BodyIntake; readonly archives: ArchiveUses };

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
  const archives = createArchiveUses(reading.charts);
  for (const id of Object.keys(operations) as OperationId[]) {
    registerOperation(app, id, handlerOf(handlers, id), { ...reading, intake, archives });
  }
}

/**
 * Identifies the caller of a request and stores it. Requests that wait for the same answer do not proceed in the same
 * turn, whether the caller is known or not.
 */
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
  const readsCluster =
    row.readsObjects === true ||
    (row.tag === 'cluster' && (row.method === 'GET' || row.errors.includes('TOO_MANY_OBJECTS')));
  const reads = row.access === mayReadRecords ? reading.recordReads : readsCluster ? reading.clusterReads : undefined;
  // Bodies of other operations that name something name a Secret, or a repository.
  const namesInBody = row.tag === 'cluster' ? 'secret' : row.tag === 'chart' ? 'repository' : 'release';
  const isEvents = row.responses[200]?.contentType === 'text/event-stream';
  const follows = row.followedBy;
  /** Streams count for themselves, not as requests that are under way. */
  const isStreamed = (query: unknown) => isEvents || (follows !== undefined && isOn((query as QueryTexts)[follows]));
  app.route({
    method: row.method,
    url: row.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    errorHandler(error, request, reply) {
      const { code } = sendProblem(error, row, request, reply, reading.original);
      audit.note(request, { code });
    },
    onResponse: async (request, reply) => audit.write(request, reply),
    // Before any of the body is read: a caller without the right is refused first.
    onRequest: async (request, reply) => {
      const caller = await identifyAtPace(access, request, reading.pace);
      if (!isStreamed(request.query)) {
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
        // Documents returned by reads have no field for warnings, and errors are answers too.
        reply.headers(warningsHeader(warnings));
      }
      const place = path['namespace'] ?? tenantChanged(row, path) ?? placeNamed(row, query);
      refuseElsewhere(place, reading);
      try {
        await access.demand(caller, { path, query });
      } finally {
        await reading.pace(holderOf(request));
      }
      refuseReserved(row, place, reading);
      judged.set(request, { caller, path, query, warnings });
    },
    handler: async (request, reply) => {
      const { caller, path, query, warnings } = judgementOf(judged, request);
      const signal = AbortSignal.any([hangUpSignal(reply), reading.stopping]);
      const check = { signal, requestId: request.id, sharer: sharerOf(caller, path['namespace']) };
      const parsed = await parseBody(id, row.body, request, reading, check);
      const { release } = nameIn(parsed.body);
      const named = release === undefined ? {} : { [namesInBody]: release };
      audit.note(request, { ...named, preview: query['dryrun'] === true });
      await access.demandNamed(caller, { path, release });
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
        accept: request.headers.accept ?? '',
        ifNoneMatch: request.headers['if-none-match'],
      };
      if (isStreamed(request.query)) {
        takePlace(request, reply, reading.streamBudget, 'TOO_MANY_STREAMS');
      }
      const { original } = reading;
      const asked = original?.lenient(row, query) ?? query;
      const make = async (): Promise<void> => {
        const { whenLong, done } = placeForLong(reading, holderOf(request), signal);
        try {
          const call = { ...context, path, query: asked, body, archive, whenLong };
          const full = await unlessAborted(handler(call), signal);
          const given = await limitContent(full, reading.access.authorization.contentOf(caller));
          // The original had no previews, so a preview always has a body.
          const shown = query['dryrun'] === true ? given : (original?.reply(row, given) ?? given);
          await sendAnswer(row, shown, { request, reply, signal, reading });
        } finally {
          done();
        }
      };
      // A stream holds a place of its own.
      const isInTurn = reads !== undefined && !isStreamed(request.query);
      await (isInTurn ? answerInTurn({ ...reading, reads }, holderOf(request), signal, make) : make());
      return reply;
    },
  });
}

/** What is known of a request before its body is read; the caller has the rights that its path and query require. */
interface JudgedRequest extends ReturnType<typeof readParameters> {
  readonly caller: Caller | null;
  readonly path: Record<string, string>;
}

/** A request without a check is a defect, and must not run as Walm itself. */
function judgementOf(judged: WeakMap<FastifyRequest, JudgedRequest>, request: FastifyRequest): JudgedRequest {
  const judgement = judged.get(request);
  if (judgement === undefined) {
    throw new Error('the request reached its handler unjudged');
  }
  return judgement;
}

/** An error caused by aborting the request is reported as the reason of the abort. */
async function unlessAborted<T>(handled: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await handled;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** The original Walm ignored unknown parameters. */
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
      `this Walm manages the namespaces ${watchNamespaces.join(', ')}, not ${namespace}`,
      { namespaces: watchNamespaces },
      { kind: 'Namespace', name: namespace },
    );
  }
}

/** The namespace that a query names whose credentials are used, or in which something is kept. */
function placeNamed({ access }: Operation, query: Readonly<Record<string, unknown>>): string | undefined {
  const place = access.kind === 'named-place' ? query[access.parameter] : undefined;
  return typeof place === 'string' ? place : undefined;
}

/** A change of a tenant is one of its namespace. */
function tenantChanged({ method }: Operation, path: Readonly<Record<string, string>>): string | undefined {
  return method === 'GET' ? undefined : path['tenant'];
}

/** No operation changes or renders releases in Walm's own namespace, or uses its credentials. */
function refuseReserved(row: Operation, namespace: string | undefined, { systemNamespace }: RequestReading): void {
  if (namespace === systemNamespace && (row.method !== 'GET' || row.access.kind === 'named-place')) {
    throw namespaceReserved(namespace);
  }
}

/** The release that a body names. */
function nameIn(body: unknown): { release?: string } {
  const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
  return typeof name === 'string' ? { release: name } : {};
}

/**
 * The header Idempotency-Key, for operations that use it.
 * @throws ProblemError HEADER_INVALID if it is empty or too long
 */
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

/** Aborted when the client disconnects before it has the response. */
function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) {
      controller.abort(problem('CANCELLED', 'the client closed the connection'));
    }
  });
  return controller.signal;
}

/** Limits per caller on what lasts as long as the response. */
const TOO_MANY = {
  TOO_MANY_REQUESTS: 'as many requests are under way as one caller may have: wait until some of them are answered',
  TOO_MANY_STREAMS: 'as many streams are open as one caller may have: close some of them',
} as const;

/**
 * A request, or an event stream, counts until it has ended.
 * @throws ProblemError of that code
 */
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

/** The context of checking an uploaded archive. */
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
    case 'json-or-form':
      return request.isMultipart()
        ? parseForm(id, request, reading, check)
        : parseBody(id, { ...spec, kind: 'json' }, request, reading, check);
    case 'chart-form':
      return parseForm(id, request, reading, check, spec.takesFaulty);
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
  takesFaulty = false,
): Promise<ParsedBody> {
  const form = await step('failed to read chart archive: ', () => receiveChartForm(request, reading));
  try {
    const { body, warnings } = await step('failed to read release request: ', () =>
      readJson(id, form.body ?? Buffer.from('{}'), 'unexpected end of JSON input', request, reading),
    );
    const { named, ignored } = nameOfForm(body, form.release);
    const archive = await reading.archives.use(form.digest, async (checked) => {
      const { digest, fileName } = await step('failed to read chart archive: ', () => form.keep());
      const chart = await step('failed to load chart archive: ', async () => {
        try {
          return await checked(reading.checkChart(digest, check));
        } catch (error) {
          if (!takesFaulty || !isRefusal(error)) throw error;
          return { digest, bytes: 0, name: '', version: '', refusal: error };
        }
      });
      return { ...chart, fileName };
    });
    return { body: named, archive, warnings: [...form.warnings, ...warnings, ...ignored] };
  } catch (error) {
    await form.discard();
    throw error;
  }
}

/** Whether an archive was refused for what it is. */
function isRefusal(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code.startsWith('CHART_') && error.code !== 'CHART_NOT_FOUND';
}

/** The body with the name that the part `release` gives it, if there is one, and a warning where that is another one. */
function nameOfForm(body: unknown, release: string | undefined): { named: unknown; ignored: Warning[] } {
  if (typeof body !== 'object' || body === null || !release) {
    return { named: body, ignored: [] };
  }
  const name: unknown = 'name' in body ? body.name : undefined;
  const isOther = typeof name === 'string' && name !== '' && name !== release;
  const message = `name ${cutName(String(name))} of the part body is ignored: the part release wins, and says ${cutName(release)}`;
  return {
    named: { ...body, name: release },
    ignored: isOther ? [{ code: 'NAME_IGNORED', message, path: '/name' }] : [],
  };
}
