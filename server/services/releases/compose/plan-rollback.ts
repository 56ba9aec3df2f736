import { shareOf } from '../../../domain/access/sharer.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { convertedThen } from '../../../domain/api-upgrade/convert-transform.ts';
import { carryPause, rolledBackRequest } from '../../../domain/change/rollback-plan.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { isSameJson } from '../../../domain/json/sorted-json.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import type { HiddenContent, RecordedContent } from '../../../domain/masking/hide-recorded.ts';
import { type Masker, maskerFrom } from '../../../domain/masking/masker.ts';
import { metainfoOf } from '../../../domain/metainfo/chart-metainfo.ts';
import { secretRulesOf } from '../../../domain/metainfo/secret-rules.ts';
import { recordedContent, withOutputs } from '../../../domain/release/recorded-content.ts';
import { recordedOutputs } from '../../../domain/release/recorded-outputs.ts';
import { buildReleaseConfig } from '../../../domain/release/release-config.ts';
import { isPausedRevision } from '../../../domain/release/release-record.ts';
import { type ManagedRevision, readRecordedRequest } from '../../../domain/request/recorded-request.ts';
import { helmLabels, shippedLabels } from '../../../domain/request/release-labels.ts';
import type { RecordedRequest } from '../../../domain/request/release-request.ts';
import type { JudgedRevision } from '../../../domain/seals/judged-revision.ts';
import { layerValues } from '../../../domain/values/merge-values.ts';
import { pauseRules } from '../../../domain/workloads/pause-plan.ts';
import { pauseToJson } from '../../../domain/workloads/pause-state.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { RewriteRequest, UpgradeRequest } from '../../../ports/helm/helm-changes.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ReleaseContent } from '../../../ports/helm/release-content.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { FindChart } from '../../charts/find-chart.ts';
import type { Dependent, FormerInjection, Injection } from '../../dependencies/inject-dependencies.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import type { BuildRelease } from './build-release.ts';

export type PlanRollbackDeps = {
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  buildRelease: BuildRelease;
  findChart: FindChart;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  findManaged: FindManaged;
  hideRecorded: PlacedJob<RecordedContent, HiddenContent>;
  live: ClusterView;
  pauseDaemonSets: boolean;
};

/** A rollback of a release to one of its revisions. */
export type RollbackBasis = {
  /** The applied revision. */
  current: HelmRelease;
  /** The newest facts that Walm recorded; null for a release that only plain Helm changed. */
  written: ManagedRevision | null;
  /** The revision to go back to. */
  base: HelmRelease;
  caller: Caller | null;
  /** Absent in a preview. */
  taskId?: string;
  /** An automatic change. */
  unattended: boolean;
  warnings: readonly Warning[];
  /** Which revisions may be used; absent: all. */
  judged?: readonly JudgedRevision[];
  call: EngineCall;
};

/** Changes the recorded documents of the revision. */
type Restoring = Required<Pick<RewriteRequest, 'base' | 'labels' | 'releaseConfig' | 'transform' | 'values'>>;
/** Renders the chart of the revision. */
type Rendering = ReleaseContent & Pick<UpgradeRequest, 'crds' | 'generatedFrom'>;

/** How the release goes back to the revision, and what finds its secrets in texts. */
export type RollbackPlan = { cause: string; masker: Masker; warnings: readonly Warning[] } & (
  | { how: 'restore'; content: Restoring }
  | { how: 'render'; content: Rendering; origin: ChartOrigin }
);

/**
 * Plans a rollback (decision 36: rollback). If the injected values are the same now as then, the documents of the
 * revision are applied again, byte for byte; otherwise its chart is rendered with the present outputs. Nothing is
 * written.
 * @throws what finding the chart and injecting the outputs throw
 */
export type PlanRollback = (basis: RollbackBasis) => Promise<RollbackPlan>;

/** The facts of the release as they will be. */
type Goal = {
  baseWritten: ManagedRevision | null;
  effective: RecordedRequest & { name: string };
  former: FormerInjection | undefined;
};

export function createPlanRollback(deps: PlanRollbackDeps): PlanRollback {
  return async function planRollback(basis) {
    const { base, caller, unattended } = basis;
    const goal = await goalOf(basis);
    const { effective, former } = goal;
    const injection = await deps.injectDependencies({
      namespace: base.namespace,
      name: base.name,
      dependencies: effective.dependencies,
      metainfo: metainfoOf(base.metaFiles),
      caller,
      unattended,
      ...(former && { former }),
    });
    const values = layerValues(effective.commonValues, injection.values, effective.configValues);
    return isSameJson(values, base.config) ? restore(basis, goal, injection) : render(basis, goal);
  };

  async function goalOf({ base, current, written, caller, call }: RollbackBasis): Promise<Goal> {
    const baseWritten = await deps.findManaged(base, caller, call);
    const now = readRecordedRequest(current.config, written);
    const effective = { ...rolledBackRequest(readRecordedRequest(base.config, baseWritten), now), name: base.name };
    const former = written && {
      injected: written.facts.injected,
      values: now.dependenciesConfigValues,
      shown: written.facts.dependenciesConfigValues,
    };
    return { baseWritten, effective, former: former ?? undefined };
  }

  /** Applies the documents of the revision again. */
  async function restore(basis: RollbackBasis, goal: Goal, injection: Injection): Promise<RollbackPlan> {
    const { base, current, caller, taskId } = basis;
    const { baseWritten, effective } = goal;
    const origin = originOf(base, baseWritten);
    const rules = secretRulesOf(base.schemas, metainfoOf(base.metaFiles), [
      injection.shown,
      ...(baseWritten === null ? [] : [baseWritten.facts.configValues, baseWritten.facts.commonValues]),
    ]);
    const facts = baseWritten?.facts ?? null;
    const layers = { ...effective, dependenciesConfigValues: injection.shown };
    const hidden = await deps.hideRecorded(recordedContent(base, { rules, layers, facts }), shareOf(caller));
    const wasPaused = isPausedRevision(base, facts);
    const { transform, pause } = carryPause(
      base.objects,
      pauseRules(deps.live, deps.pauseDaemonSets, current.objects),
      {
        before: wasPaused ? (baseWritten?.facts.pause ?? {}) : null,
        now: effective.pause,
      },
    );
    const cause = causeTo(basis);
    const config = buildReleaseConfig({
      ...effective,
      namespace: base.namespace,
      ...(taskId !== undefined && { taskId }),
      cause,
      caller: caller?.user ?? null,
      warnings: [...basis.warnings, ...injection.warnings],
      chart: { name: base.chartName, version: base.chartVersion, appVersion: base.appVersion },
      source: origin,
      ...(baseWritten && { shippedLabels: shippedLabels(baseWritten.facts) }),
      ...hidden.layers,
      injected: injection.injected,
      pause: pause && pauseToJson(pause),
    });
    const content: Restoring = {
      base: base.revision,
      releaseConfig: withOutputs(config, recordedOutputs(base, facts), hidden),
      values: base.config,
      labels: {
        ...helmLabels(effective.releaseLabels),
        ...(origin !== null && { [CHART_LABEL]: chartLabelValue(origin.digest) }),
      },
      transform: { run: convertedThen(transform), always: transform !== null },
    };
    return { how: 'restore', content, cause, masker: maskerFrom(hidden.secrets), warnings: injection.warnings };
  }

  /** Renders the chart of the revision with the present outputs. */
  async function render(basis: RollbackBasis, goal: Goal): Promise<RollbackPlan> {
    const { base, current, caller, taskId, unattended, judged, call } = basis;
    const { baseWritten, effective, former } = goal;
    const origin = await deps.findChart(base, baseWritten, { caller, ...(judged && { judged }) });
    const cause = causeTo(basis);
    const {
      warnings,
      secrets: _rules,
      masker,
      ...content
    } = await deps.buildRelease({
      namespace: base.namespace,
      effective,
      chart: await deps.chartFacts(origin.digest, call),
      origin,
      ...(taskId !== undefined && { taskId }),
      cause,
      caller,
      warnings: basis.warnings,
      recorded: current.objects,
      dependencyRules: { unattended, ...(former && { former }) },
    });
    const rendering = { ...content, chart: origin.digest, crds: 'create' as const, generatedFrom: base.revision };
    return { how: 'render', content: rendering, origin, cause, masker, warnings };
  }
}

function causeTo({ base, caller }: RollbackBasis): string {
  return causeOf(`rolled back to ${base.revision}`, caller);
}

/** The archive that the revision was made from; null if plain Helm installed another version of the chart. */
function originOf(base: HelmRelease, baseWritten: ManagedRevision | null): ChartOrigin | null {
  const source = baseWritten?.facts.source ?? null;
  return source?.version === base.chartVersion ? source : null;
}
