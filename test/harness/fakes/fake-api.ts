import { createMemoryThreads } from '../../../server/adapters/memory/threads.ts';
import { systemClock } from '../../../server/adapters/system/system-clock.ts';
import { createBodyReader } from '../../../server/api/requests/read-operation-body.ts';
import { createPace } from '../../../server/api/http/pace.ts';
import { createFairGate } from '../../../server/domain/budgets/fair-gate.ts';
import { createUnreadAnswers } from '../../../server/api/http/unread-answers.ts';
import { createSharedBudget } from '../../../server/domain/budgets/shared-budget.ts';
import { perform } from '../../../server/composition/thread-jobs.ts';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { operations } from '../../../contract/operations/operations.ts';
import type { ServerStatus } from '../../../contract/schemas/server-status.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { openApiDocument } from '../../../contract/openapi-document.ts';
import { createChartHandlers, type ChartServices } from '../../../server/api/handlers/chart-handlers.ts';
import { defineHandlers, type Handlers } from '../../../server/api/handlers/handler.ts';
import { createHttpServer } from '../../../server/api/routes/http-server.ts';
import type { RequestReading } from '../../../server/api/routes/register-operations.ts';
import { createEventHandlers, type EventServices } from '../../../server/api/handlers/event-handlers.ts';
import { createHistoryHandlers, type HistoryServices } from '../../../server/api/handlers/history-handlers.ts';
import { createPluginHandlers } from '../../../server/api/handlers/plugin-handlers.ts';
import { createReleaseHandlers, type ReleaseServices } from '../../../server/api/handlers/release-handlers.ts';
import { createSystemHandlers, type ReadinessPart } from '../../../server/api/handlers/system-handlers.ts';
import { createTaskHandlers, type TaskServices } from '../../../server/api/handlers/task-handlers.ts';
import { everythingAllowed } from './everything-allowed.ts';
import { createPrometheusMetrics } from '../../../server/adapters/prometheus/prometheus-metrics.ts';
import type { AuditEntry } from '../../../server/ports/runtime/audit-log.ts';
import { problem } from '../../../server/domain/errors/problem-error.ts';
import { listPlugins } from '../../../server/services/plugins/list-plugins.ts';
import { createChartFolder } from '../../../server/adapters/files/chart-folder.ts';

/** The services that a test replaces; all others behave as on an empty server. */
export type FakeServices = Partial<
  ReleaseServices &
    HistoryServices &
    ChartServices &
    EventServices &
    TaskServices &
    RequestReading & { parts: readonly ReadinessPart[] }
>;

/** The HTTP side of the server, over services that the test provides. */
export interface FakeApi {
  app: FastifyInstance;
  /** Names of the files that uploads left in the chart folder. */
  charts(): Promise<string[]>;
  /** Lines of the log at level error. */
  errors: string[];
  /** Audit entries of changes. */
  audited: AuditEntry[];
  close(): Promise<void>;
}

/** The status of a server that has not read anything yet. */
const unknownStatus: ServerStatus = {
  version: '0.0.0',
  instance: 'fake',
  startedAt: '2026-01-01T00:00:00Z',
  healthy: true,
  stale: false,
  leading: true,
  parts: [],
  watches: [],
  isolation: [],
  releases: { known: 0, ready: 0, unreadable: 0, unsealed: 0 },
  tasks: { queued: 0, running: 0, unsealed: 0, newer: 0 },
};

/** A finished task, for services that have done something. */
export const doneTask: TaskInfo = {
  id: 'task-1',
  operation: 'install',
  namespace: 'demo',
  release: 'web',
  state: 'succeeded',
  attempt: 1,
  caller: null,
  requestId: 'r1',
  createdAt: '2026-01-01T00:00:00Z',
  warnings: [],
};

async function noRevision(): Promise<never> {
  throw problem('RELEASE_NOT_FOUND', 'a server with no releases has no revisions', {}, { kind: 'Release', name: '' });
}

export async function createFakeApi(services: FakeServices = {}): Promise<FakeApi> {
  const chartFolder = await mkdtemp(join(tmpdir(), 'walm-charts-'));
  const outcome = { task: doneTask, finished: true, warnings: [] };
  const metrics = createPrometheusMetrics();
  const document = openApiDocument('0.0.0');
  const errors: string[] = [];
  const audited: AuditEntry[] = [];
  const all = {
    installRelease: async () => outcome,
    upgradeRelease: async () => outcome,
    deleteRelease: async () => outcome,
    previewDelete: async () => ({
      revision: 1,
      objects: [],
      hooks: [],
      dependents: [],
      hiddenDependents: 0,
      warnings: [],
    }),
    compareDryRun: async () => ({
      difference: { revision: 0, objects: [], dependents: [], hiddenDependents: 0 },
      warnings: [],
    }),
    dryRunRelease: async () => ({ objects: [], warnings: [] }),
    getRelease: async (namespace: string, release: string) => {
      throw problem(
        'RELEASE_NOT_FOUND',
        `release ${release} is not found`,
        {},
        { kind: 'Release', namespace, name: release },
      );
    },
    listRevisions: async () => ({ num: 0, total: 0, items: [] }),
    getRevision: noRevision,
    compareRevisions: noRevision,
    showManifest: noRevision,
    showValues: noRevision,
    showNotes: noRevision,
    readReleaseChart: noRevision,
    latestEvent: () => 'fake-0',
    listReleases: async () => ({ num: 0, total: 0, items: [] }),
    listRepositories: () => ({ items: [] }),
    listCharts: async () => ({ pages: noCharts(), warnings: [] }),
    searchCharts: async () => ({ items: [], num: 0, total: 0, unreachable: [] }),
    getTask: async () => doneTask,
    listTasks: async () => ({ num: 1, total: 1, items: [doneTask] }),
    cancelTask: async () => doneTask,
    listEvents: () => Promise.resolve({ num: 0, items: [] }),
    followEvents: () => new ReadableStream<string>({ start: (stream) => stream.enqueue(': open\n\n') }),
    parts: [],
    ...services,
  };
  const app = await createHttpServer({
    handlers: defineHandlers({
      ...unoffered(),
      ...createReleaseHandlers(all),
      ...createHistoryHandlers(all),
      ...createChartHandlers(all),
      ...createPluginHandlers({ listPlugins }),
      ...createTaskHandlers(all),
      ...createEventHandlers(all),
      ...createSystemHandlers({
        parts: all.parts,
        serverStatus: () => unknownStatus,
        renderMetrics: () => metrics.render(),
        document,
      }),
    }),
    reading: {
      charts: createChartFolder(chartFolder),
      archiveBytes: 64 * 1024,
      bodyBytes: 16 * 1024,
      jsonDepth: 50,
      jsonValues: 10_000,
      bodyBudget: createSharedBudget({ all: 64 * 1024, each: 40 * 1024 }),
      bodyIdleMs: 30_000,
      pace: createPace(),
      recordReads: createFairGate({ all: 4, each: 2 }),
      clusterReads: createFairGate({ all: 4, each: 2 }),
      longAnswers: createFairGate({ all: 2, each: 1 }),
      unreadAnswers: createUnreadAnswers({ all: 64 * 1024 * 1024, each: 8 * 1024 * 1024 }),
      answerIdleMs: 30_000,
      requestBudget: createSharedBudget({ all: 100, each: 50 }),
      streamBudget: createSharedBudget({ all: 100, each: 2 }),
      readBody: createBodyReader(createMemoryThreads(perform)),
      clock: systemClock,
      checkChart: async (digest) => ({ digest, bytes: 12, name: 'chart', version: '1.0.0' }),
      access: {
        identify: null,
        authorization: everythingAllowed,
        systemNamespace: 'walm-system',
        findTask: async () => null,
      },
      starting: () => null,
      hasSomething: () => true,
      watchNamespaces: [],
      systemNamespace: 'walm-system',
      audit: { write: (entry) => void audited.push(entry) },
      stopping: new AbortController().signal,
      ...services,
    },
    document,
    log: pino({ level: 'error' }, { write: (line) => void errors.push(line) }),
    metrics,
    options: {
      requestTimeoutSec: 30,
      headerTimeoutSec: 5,
      connectionsPerAddress: 256,
      keepAliveSec: 5,
      headerBytes: 16_384,
    },
  });
  return {
    app,
    errors,
    audited,
    charts: () => readdir(chartFolder),
    async close() {
      await app.close();
      await rm(chartFolder, { recursive: true });
    },
  };
}

/** A handler for every operation that the tests of the HTTP side do not need. */
function unoffered(): Handlers {
  const refuse = () => Promise.reject(problem('TASK_NOT_FOUND', 'the fake API does not offer this operation'));
  return Object.fromEntries(Object.keys(operations).map((id) => [id, refuse])) as unknown as Handlers;
}

/** A multipart body out of its parts, with the header that belongs to it. */
export async function formRequest(
  parts: readonly (readonly [name: string, value: string | Uint8Array<ArrayBuffer>])[],
): Promise<{ payload: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') {
      form.append(name, value);
    } else {
      form.append(name, new Blob([value]), 'chart.tgz');
    }
  }
  const response = new Response(form);
  return {
    payload: Buffer.from(await response.arrayBuffer()),
    headers: { 'content-type': response.headers.get('content-type') ?? '' },
  };
}

async function* noCharts(): AsyncGenerator<never[], { num: number; total: number }> {
  yield [];
  return { num: 0, total: 0 };
}
