import { createClusterHandlers } from '../api/handlers/cluster-handlers.ts';
import type { Config } from '../config/config-options.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { Authorization } from '../services/access/authorization.ts';
import { createShowOfRelease } from '../services/cluster/hide-release-secrets.ts';
import { createReadClaims } from '../services/cluster/read-claims.ts';
import { createReadLogs } from '../services/cluster/read-logs.ts';
import { createReadNodes } from '../services/cluster/read-nodes.ts';
import { createReadPods } from '../services/cluster/read-pods.ts';
import { createReadSecrets } from '../services/cluster/read-secrets.ts';
import { createReadStorageClasses } from '../services/cluster/read-storage-classes.ts';
import { createReadTenants } from '../services/cluster/read-tenants.ts';
import type { Cluster } from './adapters/cluster.ts';

export interface ClusterPartsDeps {
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'live' | 'objects' | 'podLogs'>;
  readonly config: Pick<Config, 'compatibility' | 'kubernetes' | 'watchNamespaces'>;
  readonly clock: Clock;
}

/** The handlers of the operations on objects of the cluster other than releases. */
export function createClusterParts({ authorization, cache, cluster, config, clock }: ClusterPartsDeps) {
  const { live, objects: reader, podLogs: logs } = cluster;
  const inGoWords = config.compatibility === 'original';
  const showOfRelease = createShowOfRelease({ cache, live });
  return createClusterHandlers({
    ...createReadNodes({ reader, live, seesAllPods: config.watchNamespaces.length === 0, clock }),
    ...createReadPods({ live, reader, showOfRelease, inGoWords, clock }),
    ...createReadSecrets({ reader, systemNamespace: config.kubernetes.systemNamespace }),
    ...createReadClaims({ reader, live, authorization, showOfRelease, clock }),
    ...createReadStorageClasses({ reader }),
    ...createReadLogs({ live, logs, clock }),
    ...createReadTenants({ reader, authorization, inGoWords }),
  });
}
