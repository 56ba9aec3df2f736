import type { ClaimReader, ClaimWriter } from '../cluster/claims.ts';
import type { NamespaceReader, NamespaceWriter } from '../cluster/namespaces.ts';
import type { ObjectWriter } from '../cluster/object-writer.ts';
import type { WorkloadReader, WorkloadWriter } from '../cluster/workloads.ts';
import type { HelmCharts } from '../helm/helm-charts.ts';
import type { HelmControl } from '../helm/helm-control.ts';
import type { HelmReader } from '../helm/helm-reader.ts';
import type { HelmWriter } from '../helm/helm-writer.ts';
import type { ChartArchiveReader, ChartArchiveWriter } from '../storage/chart-archive-store.ts';
import type { DeliveryMarkReader, DeliveryMarkWriter } from '../storage/delivery-marks.ts';
import type { RepositoryReader, RepositoryWriter } from '../helm/repository-store.ts';
import type { RolloutMarkReader, RolloutMarkWriter } from '../storage/rollout-marks.ts';
import type { TaskReader, TaskWriter } from '../storage/task-store.ts';
import type { PassedCall, TaskPass, WritePass } from './passes.ts';

type Pass = [pass: WritePass];

/** Helm as an adapter provides it to the gate. */
export interface HelmAdapter extends HelmCharts, HelmReader, HelmWriter<[call: PassedCall]>, HelmControl {}

/** The store of tasks as an adapter provides it to the gate. */
export interface TaskAdapter extends TaskReader, TaskWriter<[pass: TaskPass], Pass> {}

export interface ChartArchiveAdapter extends ChartArchiveReader, ChartArchiveWriter<Pass> {}

export interface ClaimAdapter extends ClaimReader, ClaimWriter<Pass> {}

export interface DeliveryMarkAdapter extends DeliveryMarkReader, DeliveryMarkWriter<Pass> {}

export interface NamespaceAdapter extends NamespaceReader, NamespaceWriter<Pass> {}

export type ObjectWriterAdapter = ObjectWriter<Pass>;

export interface RepositoryAdapter extends RepositoryReader, RepositoryWriter<Pass> {}

export interface RolloutMarkAdapter extends RolloutMarkReader, RolloutMarkWriter<Pass> {}

export interface WorkloadAdapter extends WorkloadReader, WorkloadWriter<Pass> {}

/** The ports of the cluster that write, as adapters provide them to the gate: each write requires a pass. */
export interface GatedAdapters {
  readonly archives: ChartArchiveAdapter;
  readonly claims: ClaimAdapter;
  readonly deliveryMarks: DeliveryMarkAdapter;
  readonly namespaces: NamespaceAdapter;
  readonly repositories: RepositoryAdapter;
  readonly rolloutMarks: RolloutMarkAdapter;
  readonly tasks: TaskAdapter;
  readonly workloads: WorkloadAdapter;
  readonly writer: ObjectWriterAdapter;
}
