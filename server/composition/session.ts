import { operations } from '../../contract/operations/operations.ts';
import type { SessionServices } from '../api/handlers/session-handlers.ts';
import type { AccessParts } from '../api/routes/access-check.ts';
import type { Config } from '../config/config-options.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import { createGetAccess } from '../services/access/get-access.ts';
import { createGetSession } from '../services/system/get-session.ts';
import type { Cluster } from './adapters/cluster.ts';

/** What telling clients where they are needs from the rest of the server. */
export interface SessionDeps {
  readonly access: Pick<AccessParts, 'authorization'>;
  readonly cluster: Pick<Cluster, 'namespaces'>;
  readonly config: Config;
  readonly engine: Pick<HelmEngine, 'info'>;
  readonly version: string;
  readonly clock: Clock;
}

/** Tells clients how to sign in, who they are, and what they may do. */
export function createSession({ access, cluster, config, engine, version, clock }: SessionDeps): SessionServices {
  const { limits, operationTimeoutSec } = config;
  return {
    getSession: createGetSession({
      mode: config.auth.mode,
      compatibility: config.compatibility,
      version,
      engine,
      limits: { archiveBytes: limits.archiveBytes, bodyBytes: limits.bodyBytes, operationTimeoutSec },
      maxHistory: config.history.max,
      retentionSec: config.tasks.retentionSec,
    }),
    getAccess: createGetAccess({
      operations,
      authorization: access.authorization,
      namespaces: cluster.namespaces,
      systemNamespace: config.kubernetes.systemNamespace,
      clock,
    }),
  };
}
