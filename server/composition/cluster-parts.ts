import { createClusterChangeHandlers } from '../api/handlers/cluster-change-handlers.ts';
import { createClusterHandlers } from '../api/handlers/cluster-handlers.ts';
import { createReleaseObjectHandlers } from '../api/handlers/release-object-handlers.ts';
import type { Config } from '../config/config-options.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { Authorization } from '../services/access/authorization.ts';
import { createChangeNodes } from '../services/cluster/change-nodes.ts';
import { createChangeSecrets } from '../services/cluster/change-secrets.ts';
import { createChangeTenants } from '../services/cluster/change-tenants.ts';
import { createShowOfRelease } from '../services/cluster/hide-release-secrets.ts';
import { createReadClaims } from '../services/cluster/read-claims.ts';
import { createReadLogs } from '../services/cluster/read-logs.ts';
import { createReadNodes } from '../services/cluster/read-nodes.ts';
import { createReadPods } from '../services/cluster/read-pods.ts';
import { createReadReleaseEvents } from '../services/cluster/read-release-events.ts';
import { createReadReleaseObject } from '../services/cluster/read-release-object.ts';
import { createReadSecrets } from '../services/cluster/read-secrets.ts';
import { createReadStorageClasses } from '../services/cluster/read-storage-classes.ts';
import { createReadTenants } from '../services/cluster/read-tenants.ts';
import { createRemoveClaims } from '../services/cluster/remove-claims.ts';
import { createRemoveTenant, type RemoveTenantDeps } from '../services/cluster/remove-tenant.ts';
import { createRestartPod } from '../services/cluster/restart-pod.ts';
import type { Cluster } from './adapters/cluster.ts';

export interface ClusterPartsDeps {
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'live' | 'objects' | 'writer' | 'podLogs'>;
  readonly config: Pick<Config, 'compatibility' | 'kubernetes' | 'watchNamespaces'>;
  readonly clock: Clock;
  readonly engine: Pick<HelmEngine, 'listResources'>;
  /** What a tenant's releases are deleted with. */
  readonly removals: Pick<RemoveTenantDeps, 'deleteRelease' | 'refuseDependents'>;
}

/** The handlers of the operations on objects of the cluster other than releases. */
export function createClusterParts({
  authorization,
  cache,
  cluster,
  config,
  clock,
  engine,
  removals,
}: ClusterPartsDeps) {
  const { live, objects: reader, writer, podLogs: logs } = cluster;
  const inGoWords = config.compatibility === 'original';
  const showOfRelease = createShowOfRelease({ cache, live });
  const reads = createClusterHandlers({
    ...createReadNodes({ reader, live, seesAllPods: config.watchNamespaces.length === 0, clock }),
    ...createReadPods({ live, reader, showOfRelease, inGoWords, clock }),
    ...createReadSecrets({ reader, systemNamespace: config.kubernetes.systemNamespace }),
    ...createReadClaims({ reader, live, authorization, showOfRelease, clock }),
    ...createReadStorageClasses({ reader }),
    ...createReadLogs({ live, logs, clock }),
    ...createReadTenants({ reader, authorization, inGoWords }),
  });
  const changes = createClusterChangeHandlers({
    ...createChangeNodes({ reader, writer }),
    ...createChangeSecrets({ reader, writer }),
    ...createRemoveClaims({ live, reader, writer, authorization, showOfRelease, clock, failsAsOne: inGoWords }),
    ...createChangeTenants({ reader, writer, authorization }),
    removeTenant: createRemoveTenant({ reader, writer, live, cache, authorization, ...removals, clock }),
    restartPod: createRestartPod({ live, writer }),
  });
  const { systemNamespace } = config.kubernetes;
  const ofReleases = createReleaseObjectHandlers({
    readReleaseEvents: createReadReleaseEvents({ cache, live, reader }),
    readReleaseObject: createReadReleaseObject({ cache, reader, engine, authorization, systemNamespace }),
  });
  return { ...reads, ...changes, ...ofReleases };
}
