import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Jobs } from './jobs.ts';
import type { Revisions } from './revisions.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { type CompareDryRun, createCompareDryRun } from '../../services/releases/preview/compare-dry-run.ts';
import { createDryRunRelease, type DryRunRelease } from '../../services/releases/preview/dry-run-release.ts';
import {
  createEstimateRenderings,
  type EstimateRenderings,
} from '../../services/releases/preview/estimate-renderings.ts';
import { createPreviewRelease, type PreviewRelease } from '../../services/releases/preview/preview-release.ts';
import { createEstimateResources, type EstimateResources } from '../../services/releases/preview/estimate-resources.ts';
import { createForetellRollback } from '../../services/releases/preview/foretell-rollback.ts';
import { createPreviewDelete, type PreviewDelete } from '../../services/releases/preview/preview-delete.ts';
import {
  createPreviewDetach,
  createPreviewPause,
  type PreviewDetach,
  type PreviewPause,
} from '../../services/releases/preview/preview-lifecycle.ts';
import { createPreviewRollback, type PreviewRollback } from '../../services/releases/preview/preview-rollback.ts';
import { createRefuseOverQuota } from '../../services/releases/preview/refuse-over-quota.ts';
import { createRenderDryRun, type RenderDryRun } from '../../services/releases/preview/render-dry-run.ts';
import { createOutputsAfter, type OutputsAfter } from '../../services/releases/preview/outputs-after.ts';
import { createPreviewDependents, type PreviewDependents } from '../../services/releases/preview/preview-dependents.ts';

/** What previews of one and of several releases are made of. */
export interface PreviewSteps {
  readonly estimateRenderings: EstimateRenderings;
  readonly outputsAfter: OutputsAfter;
  readonly previewDependents: PreviewDependents;
  readonly renderDryRun: RenderDryRun;
}

/** Previews of changes, without any effect. */
export interface Previews {
  readonly compareDryRun: CompareDryRun;
  readonly dryRunRelease: DryRunRelease;
  readonly estimateResources: EstimateResources;
  readonly previewDelete: PreviewDelete;
  readonly previewDetach: PreviewDetach;
  readonly previewPause: PreviewPause;
  readonly previewRelease: PreviewRelease;
  readonly previewRollback: PreviewRollback;
  readonly steps: PreviewSteps;
}

export interface PreviewsDeps {
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly charts: Charts;
  readonly cluster: Pick<Cluster, 'archives' | 'claims' | 'digestKey' | 'limits' | 'live' | 'namespaces' | 'secrets'>;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly jobs: Jobs;
  readonly revisions: Revisions;
  readonly memoryUnit: MemoryUnit;
  readonly pauseDaemonSets: boolean;
  readonly isOriginal: boolean;
  readonly clock: Clock;
}

export function createPreviews(deps: PreviewsDeps): Previews {
  const { authorization, cache, charts, cluster, dependencies, engine, revisions, pauseDaemonSets, clock } = deps;
  const { archives, claims, digestKey, limits, live, namespaces, secrets } = cluster;
  const { refuseDependents } = dependencies;
  const { findManaged, planRollback, reader } = revisions;
  const refuseOverQuota = createRefuseOverQuota({ limits, engine });
  const renderDryRun = createRenderDryRun({
    engine,
    resolveChart: charts.resolveChart,
    mergeUpgrade: revisions.mergeUpgrade,
    chartFacts: charts.chartFacts,
    namespaces,
    authorization,
    buildRelease: revisions.buildRelease,
    findSecrets: deps.jobs.findSecrets,
    memoryUnit: deps.memoryUnit,
    findManaged,
    refuseOverQuota,
    ignoreUnknownPlugins: deps.isOriginal,
  });
  const foretellRollback = createForetellRollback({ engine, planRollback, refuseOverQuota });
  const estimateRenderings = createEstimateRenderings({ limits, engine, folder: deps.folder, archives });
  const outputsAfter = createOutputsAfter({ live, secrets });
  const previewDependents = createPreviewDependents({ cache, outputsAfter, digestKey, authorization });
  const shared = { reader, cache, authorization, live };
  return {
    compareDryRun: createCompareDryRun({ renderDryRun, previewDependents }),
    dryRunRelease: createDryRunRelease({ renderDryRun, previewDependents, clock }),
    estimateResources: createEstimateResources({ renderDryRun, estimateRenderings }),
    previewDelete: createPreviewDelete({ ...shared, engine, claims, refuseDependents }),
    previewDetach: createPreviewDetach({ ...shared, findManaged }),
    previewPause: createPreviewPause({
      ...shared,
      engine,
      findManaged,
      hideRecorded: deps.jobs.hideRecorded,
      clock,
      pauseDaemonSets,
    }),
    previewRelease: createPreviewRelease({ renderDryRun, estimateRenderings, previewDependents, clock }),
    previewRollback: createPreviewRollback({ ...shared, engine, findManaged, foretellRollback }),
    steps: { estimateRenderings, outputsAfter, previewDependents, renderDryRun },
  };
}
