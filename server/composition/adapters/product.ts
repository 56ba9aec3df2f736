import { randomBytes, randomUUID } from 'node:crypto';
import { createChartFolder } from '../../adapters/files/chart-folder.ts';
import { readRepositories } from '../../adapters/files/read-repositories.ts';
import { createPrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import { createHttpServer } from '../../api/routes/http-server.ts';
import { measureEventLoopDelay } from '../../adapters/system/event-loop-delay.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { createThreadPool } from '../../adapters/threads/thread-pool.ts';
import type { Adapters } from './adapters.ts';
import { createEngine } from './engine.ts';
import { openAuditFile, trimOwnFolders } from './files.ts';
import { createKafka } from './kafka.ts';
import { createKubeCluster } from './kube-cluster.ts';
import { createRedis } from './redis.ts';
import { createSealSources } from './seal-sources.ts';

/** Number of threads for long computations, and the memory limit of each. */
const THREADS = 2;
const THREAD_MIB = 64;

/** The adapters of a production server. */
export const productAdapters: Adapters = {
  clock: systemClock,
  random: Math.random,
  newId: randomUUID,
  secret: randomBytes,
  metrics: createPrometheusMetrics,
  threads: ({ limits }, clock) =>
    createThreadPool({
      module: new URL('../thread-jobs.ts', import.meta.url),
      threads: THREADS,
      jobMs: limits.parseSec * 1000,
      memoryMiB: THREAD_MIB,
      clock,
    }),
  sealSources: createSealSources,
  helm: createEngine,
  cluster: createKubeCluster,
  sharedCache: createRedis,
  eventBus: createKafka,
  repositories: ({ repoList }) => readRepositories(repoList),
  chartFolder: createChartFolder,
  trimFolders: trimOwnFolders,
  auditFile: openAuditFile,
  eventLoopDelay: measureEventLoopDelay,
  http: createHttpServer,
  listen: (http, { http: { host, port } }) => http.listen({ host, port }),
};
