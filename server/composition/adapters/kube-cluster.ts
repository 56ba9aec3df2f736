import { createKubeAccessReviews } from '../../adapters/kube/objects/access-reviews.ts';
import { createKubeChartArchives } from '../../adapters/kube/storage/chart-archives.ts';
import { createKubeClaims } from '../../adapters/kube/objects/claims.ts';
import { createKubeDeliveryMarks } from '../../adapters/kube/storage/delivery-marks.ts';
import { createKubeDigestKey } from '../../adapters/kube/storage/digest-key.ts';
import { createHelmRecords } from '../../adapters/kube/objects/helm-records.ts';
import { fenceKube } from '../../adapters/kube/client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../../adapters/kube/client/kube-api.ts';
import { outsideNamespace } from '../../adapters/kube/client/outside-namespace.ts';
import { createLeaseLeadership } from '../../adapters/kube/storage/lease-leadership.ts';
import { createLiveObjects } from '../../adapters/kube/objects/live-objects.ts';
import { createKubeNamespaceLimits } from '../../adapters/kube/objects/namespace-limits.ts';
import { createKubeNamespaces } from '../../adapters/kube/objects/namespaces.ts';
import { createKubeObjectReader } from '../../adapters/kube/objects/object-reader.ts';
import { createKubeObjectWriter } from '../../adapters/kube/objects/object-writer.ts';
import { createKubePodLogs } from '../../adapters/kube/objects/pod-logs.ts';
import { createKubeSecretChanges } from '../../adapters/kube/objects/secret-changes.ts';
import { createKubeSecrets } from '../../adapters/kube/objects/secrets.ts';
import { createKubeSourceCredentials } from '../../adapters/kube/storage/source-credentials.ts';
import { createKubeRolloutMarks } from '../../adapters/kube/storage/rollout-marks.ts';
import { createKubeWorkloads } from '../../adapters/kube/objects/workloads.ts';
import type { Adapters, ClusterGiven } from './adapters.ts';
import type { ClusterAdapter } from './cluster.ts';
import { createOwnStores } from './own-stores.ts';
import { createPreparation } from './preparation.ts';

/** Every port that Kubernetes implements, over one set of connections. Nothing is sent before `prepare`. */
export const createKubeCluster: Adapters['cluster'] = (given) => {
  const { kubeconfig, context, inCluster } = given.config.kubernetes;
  return createClusterOn(
    createKubeApi({ ...(kubeconfig && { kubeconfig }), ...(context && { context }), inCluster }),
    given,
  );
};

/** The same over existing connections, which are closed together with it. */
export function createClusterOn(kube: KubeApi, given: ClusterGiven): ClusterAdapter {
  const { config, instanceId, engine, taskSeal, readKeys, clock, random, secret, log } = given;
  const { systemNamespace } = config.kubernetes;
  const scope = config.watchNamespaces;
  const fenced = fenceKube(kube);
  const watching = { kube: fenced, clock, scope, random };
  const retried = (part: string) => (error: unknown) => log.warn({ part, err: error }, `${part} failed, will retry`);
  const live = createLiveObjects({
    ...watching,
    onError: (kind, error) => log.debug({ part: 'watch', kind, err: error }, 'watch failed, will retry'),
  });
  const records = createHelmRecords({ ...watching, reserved: systemNamespace, onError: retried('helm records') });
  const secretChanges = createKubeSecretChanges({ ...watching, onError: retried('secrets of outputs') });
  const { tasks, repositories } = createOwnStores({
    ...watching,
    namespace: systemNamespace,
    seal: taskSeal,
    retried,
    log,
  });
  const leadership = createLeaseLeadership({
    kube,
    clock,
    namespace: systemNamespace,
    identity: instanceId,
    leaseMs: config.leadership.leaseSec * 1000,
    renewMs: config.leadership.renewSec * 1000,
    onError: retried('leadership'),
  });
  const listKinds = async () => {
    const resources = await engine.listResources();
    return resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes('list'));
  };
  const digestKey = createKubeDigestKey({ kube, namespace: systemNamespace, secret });
  const ofReleases = fenceKube(outsideNamespace(kube, systemNamespace));
  const preparation = createPreparation({ kube, systemNamespace, digestKey, readKeys, clock, log });

  return {
    live,
    records,
    tasks,
    repositories,
    leadership,
    accessReviews: createKubeAccessReviews({ kube }),
    deliveryMarks: createKubeDeliveryMarks({ kube: fenced, namespace: systemNamespace }),
    archives: createKubeChartArchives({ kube: fenced, maxBytes: config.limits.archiveBytes, clock }),
    secrets: createKubeSecrets({ kube: fenced }),
    secretChanges,
    digestKey,
    claims: createKubeClaims({ kube: ofReleases }),
    credentials: createKubeSourceCredentials(fenced),
    limits: createKubeNamespaceLimits(fenced),
    namespaces: createKubeNamespaces({ kube: fenced, clock, scope, listKinds }),
    objects: createKubeObjectReader({ kube: fenced }),
    writer: createKubeObjectWriter({ kube: ofReleases }),
    podLogs: createKubePodLogs({ kube: fenced }),
    workloads: createKubeWorkloads({ kube: ofReleases }),
    rolloutMarks: createKubeRolloutMarks({ kube: fenced, live }),

    watches: () =>
      [...live.watches(), records.watch(), tasks.watch(), repositories.watch(), secretChanges.watch()].filter(
        (watch) => watch !== null,
      ),

    unprepared: preparation.unprepared,
    prepare: preparation.prepare,

    /** Keeps all views of the cluster up to date until `signal` is aborted. */
    async run(signal: AbortSignal): Promise<void> {
      const forget = engine.onDiscoveryChanged(() => live.rediscover());
      const views = [live, records, tasks, repositories, secretChanges, leadership];
      await Promise.all(views.map((view) => view.run(signal)));
      forget();
    },

    close: () => kube.close(),
  };
}
