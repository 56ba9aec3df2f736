import type { ClaimReader, ClaimWriter } from '../../ports/cluster/claims.ts';
import type { NamespaceReader, NamespaceWriter } from '../../ports/cluster/namespaces.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';
import type { WorkloadReader, WorkloadWriter } from '../../ports/cluster/workloads.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../ports/helm/helm-writer.ts';
import type { ChartArchiveReader, ChartArchiveWriter } from '../../ports/storage/chart-archive-store.ts';
import type { DeliveryMarkReader, DeliveryMarkWriter } from '../../ports/storage/delivery-marks.ts';
import type { RepositoryReader, RepositoryWriter } from '../../ports/helm/repository-store.ts';
import type { RolloutMarkReader, RolloutMarkWriter } from '../../ports/storage/rollout-marks.ts';
import type { TaskReader, TaskWriter } from '../../ports/storage/task-store.ts';

/** Everything that writes to the cluster. */
export interface Writers {
  readonly helm: HelmWriter;
  readonly tasks: TaskWriter;
  readonly archives: ChartArchiveWriter;
  readonly claims: ClaimWriter;
  readonly deliveryMarks: DeliveryMarkWriter;
  readonly namespaces: NamespaceWriter;
  readonly writer: ObjectWriter;
  readonly repositories: RepositoryWriter;
  readonly rolloutMarks: RolloutMarkWriter;
  readonly workloads: WorkloadWriter;
}

/** The other verbs of the same ports. */
export interface Readers {
  readonly helm: HelmCharts & HelmReader & HelmControl;
  readonly tasks: TaskReader;
  readonly archives: ChartArchiveReader;
  readonly claims: ClaimReader;
  readonly deliveryMarks: DeliveryMarkReader;
  readonly namespaces: NamespaceReader;
  readonly writer: Readonly<Record<never, never>>;
  readonly repositories: RepositoryReader;
  readonly rolloutMarks: RolloutMarkReader;
  readonly workloads: WorkloadReader;
}
