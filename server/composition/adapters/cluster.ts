import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import type { Claims } from '../../ports/cluster/claims.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { NamespaceLimits } from '../../ports/cluster/namespace-limits.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import type { ObjectReader } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';
import type { PodLogs } from '../../ports/cluster/pod-logs.ts';
import type { SecretChanges } from '../../ports/cluster/secret-changes.ts';
import type { Secrets } from '../../ports/cluster/secrets.ts';
import type { WatchState } from '../../ports/cluster/watch-state.ts';
import type { Workloads } from '../../ports/cluster/workloads.ts';
import type { GatedAdapters } from '../../ports/gate/gated-adapters.ts';
import type { HelmRecords } from '../../ports/helm/helm-records.ts';
import type { SourceCredentials } from '../../ports/helm/source-credentials.ts';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import type { DeliveryMarks } from '../../ports/storage/delivery-marks.ts';
import type { DigestKey } from '../../ports/storage/digest-key.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { RepositoryStore } from '../../ports/helm/repository-store.ts';
import type { RolloutMarks } from '../../ports/storage/rollout-marks.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

/** Every port that the cluster implements. */
export interface ClusterPorts {
  readonly accessReviews: AccessReviews;
  readonly archives: ChartArchiveStore;
  readonly claims: Claims;
  readonly credentials: SourceCredentials;
  readonly deliveryMarks: DeliveryMarks;
  readonly digestKey: DigestKey;
  readonly leadership: Leadership;
  readonly limits: NamespaceLimits;
  readonly live: LiveObjects;
  readonly namespaces: Namespaces;
  readonly objects: ObjectReader;
  readonly writer: ObjectWriter;
  readonly podLogs: PodLogs;
  readonly records: HelmRecords;
  readonly repositories: RepositoryStore;
  readonly rolloutMarks: RolloutMarks;
  readonly secretChanges: SecretChanges;
  readonly secrets: Secrets;
  readonly tasks: TaskStore;
  readonly workloads: Workloads;
}

/** How the view of the cluster is kept up to date. */
export interface ClusterView {
  /** The state of each watch. */
  watches(): readonly WatchState[];
  /** Why the cluster cannot be used yet; null once it can. */
  unprepared(): string | null;
  /** Creates the objects that Walm needs in the cluster, retrying until that succeeds or `signal` is aborted. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Keeps all views of the cluster up to date, and seeks the lead, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The cluster as one replica uses it: its writes go through the gate. */
export interface Cluster extends ClusterPorts, ClusterView {}

/** The cluster as adapters provide it to the gate: each of its writes requires a pass. Nothing is sent before `prepare`. */
export interface ClusterAdapter extends Omit<ClusterPorts, keyof GatedAdapters>, GatedAdapters, ClusterView {}
