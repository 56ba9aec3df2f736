import type { Cluster, ClusterAdapter } from '../adapters/cluster.ts';
import { type Around, wrapVerbs } from './wrap-verbs.ts';
import { type WriteRule, WRITES } from './writes.ts';

/** The ports of the cluster with the gate (`at`) around every write; ports that only read are passed on as they are. */
export function gateCluster(
  cluster: ClusterAdapter,
  at: (port: Exclude<keyof typeof WRITES, 'helm'>) => Around<WriteRule>,
): Cluster {
  return {
    accessReviews: cluster.accessReviews,
    archives: wrapVerbs<Cluster['archives'], WriteRule>(cluster.archives, WRITES.archives, at('archives')),
    claims: wrapVerbs<Cluster['claims'], WriteRule>(cluster.claims, WRITES.claims, at('claims')),
    credentials: cluster.credentials,
    deliveryMarks: wrapVerbs<Cluster['deliveryMarks'], WriteRule>(
      cluster.deliveryMarks,
      WRITES.deliveryMarks,
      at('deliveryMarks'),
    ),
    digestKey: cluster.digestKey,
    leadership: cluster.leadership,
    limits: cluster.limits,
    live: cluster.live,
    namespaces: wrapVerbs<Cluster['namespaces'], WriteRule>(cluster.namespaces, WRITES.namespaces, at('namespaces')),
    objects: cluster.objects,
    writer: wrapVerbs<Cluster['writer'], WriteRule>(cluster.writer, WRITES.writer, at('writer')),
    podLogs: cluster.podLogs,
    records: cluster.records,
    repositories: wrapVerbs<Cluster['repositories'], WriteRule>(
      cluster.repositories,
      WRITES.repositories,
      at('repositories'),
    ),
    rolloutMarks: wrapVerbs<Cluster['rolloutMarks'], WriteRule>(
      cluster.rolloutMarks,
      WRITES.rolloutMarks,
      at('rolloutMarks'),
    ),
    secretChanges: cluster.secretChanges,
    secrets: cluster.secrets,
    tasks: wrapVerbs<Cluster['tasks'], WriteRule>(cluster.tasks, WRITES.tasks, at('tasks')),
    workloads: wrapVerbs<Cluster['workloads'], WriteRule>(cluster.workloads, WRITES.workloads, at('workloads')),
    watches: () => cluster.watches(),
    unprepared: () => cluster.unprepared(),
    prepare: (signal) => cluster.prepare(signal),
    run: (signal) => cluster.run(signal),
    close: () => cluster.close(),
  };
}
