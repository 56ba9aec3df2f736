import type { ClusterPorts } from '../adapters/cluster.ts';
import { UNWRAPPED } from './wrap-verbs.ts';
import type { Writers } from './writers.ts';

/** The verb writes nothing that the gate would have to know: it is open. */
export const READS = UNWRAPPED;

/**
 * Every verb of the ports of the cluster that do not write. A new verb of theirs does not compile until it is listed
 * here; one that writes belongs to a port of `WRITES`. The adapters of these ports get a connection that only reads
 * (server/adapters/kube/client/write-paths.test.ts lists the exceptions), so that listing a write here does not make it work.
 */
export const READ_ONLY = {
  accessReviews: { identify: READS, allows: READS, allowsSome: READS, accountUid: READS },
  credentials: { list: READS },
  digestKey: { read: READS },
  leadership: {
    isLeader: READS,
    term: READS,
    onRenewed: READS,
    isLed: READS,
    subscribe: READS,
    run: READS,
  },
  limits: { read: READS, nodes: READS, defaults: READS },
  live: {
    get: READS,
    ownedBy: READS,
    podsOf: READS,
    endpointSlicesOf: READS,
    warningsOf: READS,
    knows: READS,
    isHidden: READS,
    list: READS,
    subscribe: READS,
    ensureKind: READS,
    synced: READS,
  },
  objects: { get: READS, find: READS, list: READS },
  podLogs: { open: READS },
  records: { latest: READS, revisions: READS, keys: READS, read: READS, subscribe: READS, synced: READS },
  secretChanges: { follow: READS, subscribe: READS },
  secrets: { read: READS },
} as const satisfies {
  readonly [Port in Exclude<keyof ClusterPorts, keyof Writers>]: Readonly<
    Record<keyof ClusterPorts[Port], typeof READS>
  >;
};
