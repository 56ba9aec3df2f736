import type { Logger } from 'pino';
import type { JsonObject } from '../../contract/schemas/json.ts';
import type { Adapters } from './adapters/adapters.ts';
import type { Handlers } from '../api/handlers/handler.ts';
import { originalMode } from '../api/problems/original-mode.ts';
import type { AccessParts } from '../api/routes/access-check.ts';
import type { HttpServer } from '../api/routes/http-server.ts';
import type { Config } from '../config/config-options.ts';
import type { ChartFolder } from '../ports/helm/chart-folder.ts';
import type { HelmCharts } from '../ports/helm/helm-charts.ts';
import type { AuditLog } from '../ports/runtime/audit-log.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Threads } from '../ports/runtime/threads.ts';
import { createCheckArchive } from '../services/charts/check-archive.ts';
import { connectionsPerAddress, createIntake } from './intake.ts';
import type { ViewReadiness } from './view-readiness.ts';

export interface HttpDeps {
  readonly config: Config;
  readonly access: AccessParts;
  readonly audit: AuditLog;
  readonly charts: ChartFolder;
  readonly document: JsonObject;
  readonly engine: Pick<HelmCharts, 'checkChart'>;
  readonly handlers: Handlers;
  readonly metrics: Metrics;
  readonly readiness: ViewReadiness;
  readonly stopping: AbortSignal;
  readonly threads: Threads;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The HTTP server; it does not listen yet. */
export function createHttp(make: Adapters['http'], deps: HttpDeps): Promise<HttpServer> {
  const { config, access, audit, charts, document, engine, handlers, metrics, readiness } = deps;
  const { stopping, threads, clock, log } = deps;
  return make({
    handlers,
    reading: {
      ...createIntake({ config, threads, clock }),
      access,
      archiveBytes: config.limits.archiveBytes,
      audit,
      bodyBytes: config.limits.bodyBytes,
      charts,
      checkChart: createCheckArchive({ engine }),
      hasSomething: readiness.hasSomething,
      jsonDepth: config.limits.jsonDepth,
      jsonValues: config.limits.jsonValues,
      starting: readiness.starting,
      stopping,
      systemNamespace: config.kubernetes.systemNamespace,
      watchNamespaces: config.watchNamespaces,
      ...(config.compatibility === 'original' && { original: originalMode }),
    },
    document,
    log,
    metrics,
    options: { ...config.http, connectionsPerAddress: connectionsPerAddress(config) },
  });
}
