import type { KeepArchive } from '../../charts/keep-archive.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { convertedThen } from '../../../domain/api-upgrade/convert-transform.ts';
import type { HiddenContent, RecordedContent } from '../../../domain/masking/hide-recorded.ts';
import { maskerFrom } from '../../../domain/masking/masker.ts';
import { layerValues } from '../../../domain/values/merge-values.ts';
import { pauseRules } from '../../../domain/workloads/pause-plan.ts';
import { pauseToJson } from '../../../domain/workloads/pause-state.ts';
import { readRecordedRequest, type ManagedRevision } from '../../../domain/request/recorded-request.ts';
import { buildReleaseConfig } from '../../../domain/release/release-config.ts';
import { helmLabels, shippedLabels } from '../../../domain/request/release-labels.ts';
import { isPausedRevision } from '../../../domain/release/release-record.ts';
import type { RecordedRequest } from '../../../domain/request/release-request.ts';
import { carryPause, rolledBackRequest } from '../../../domain/change/rollback-plan.ts';
import { appliedBefore } from '../../../domain/revisions/applied-revision.ts';
import { secretRulesOf } from '../../../domain/metainfo/secret-rules.ts';
import { recordedContent, withOutputs } from '../../../domain/release/recorded-content.ts';
import { recordedOutputs } from '../../../domain/release/recorded-outputs.ts';
import { metainfoOf } from '../../../domain/metainfo/chart-metainfo.ts';
import { revisionNotFound } from '../../../domain/errors/release-problems.ts';
import { isSameJson } from '../../../domain/json/sorted-json.ts';
import type { RollbackOrder, OrderOf } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { judgedOf } from '../../automation/judge-revisions.ts';
import type { BuildRelease } from '../compose/build-release.ts';
import type { FindChart } from '../../charts/find-chart.ts';
import type { Dependent, FormerInjection, Injection } from '../../dependencies/inject-dependencies.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';
import { maskProgress, withoutSecrets } from '../compose/without-secrets.ts';

export type RunRollbackDeps = RunChangeDeps & {
  engine: Pick<HelmReader, 'releaseHistory'> & Pick<HelmWriter, 'rewriteRelease' | 'upgrade'>;
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  buildRelease: BuildRelease;
  findChart: FindChart;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  keepArchive: KeepArchive;
  hideRecorded: PlacedJob<RecordedContent, HiddenContent>;
  live: ClusterView;
  pauseDaemonSets: boolean;
  operationTime: OperationTime;
  /** Maximum revisions kept by Helm, 0 for all. */
  maxHistory: number;
};

type Change = ChangeToCarryOut<RollbackOrder>;

/** The revision to roll back to, and what the release consists of then. */
type Goal = {
  base: HelmRelease;
  baseWritten: ManagedRevision | null;
  effective: RecordedRequest & { name: string };
  former: FormerInjection | undefined;
};

/**
 * Carries out a rollback (decision 36: rollback). If the injected values are the same now as then, the documents of the
 * revision are applied unchanged, byte for byte; otherwise its chart is rendered with the present outputs. Rollback
 * hooks run, and fields that other managers own are taken over (decision 32: field conflicts).
 */
export function createRunRollback(deps: RunRollbackDeps): TaskExecutor<OrderOf<'rollback'>> {
  const { engine } = deps;

  return createRunChange<'rollback'>(deps, async (taken) => {
    const goal = await findGoal(taken);
    const change = { ...taken, ...(taken.judged && { judged: [...taken.judged, judgedOf(goal.base)] }) };
    const { base, effective, former } = goal;
    const injection = await deps.injectDependencies({
      namespace: base.namespace,
      name: base.name,
      dependencies: effective.dependencies,
      metainfo: metainfoOf(base.metaFiles),
      caller: change.task.caller,
      unattended: change.task.unattended !== undefined,
      ...(former && { former }),
    });
    const values = layerValues(effective.commonValues, injection.values, effective.configValues);
    return isSameJson(values, base.config) ? restore(change, goal, injection) : render(change, goal);
  });

  async function findGoal({ task, order, current, written, revision: next, run, call }: Change): Promise<Goal> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const history = await engine.releaseHistory(target, call);
    const revision = order.revision || (appliedBefore(history, next - 1)?.revision ?? 0);
    const base = revision === 0 ? null : await engine.getRelease(target, revision, call);
    if (base === null) {
      throw revisionNotFound(
        task,
        revision,
        history.map((one) => one.revision),
      );
    }
    deps.guard.bringBack(task, base);
    if (order.revision === 0) {
      // A later attempt must not count the revision that this one writes.
      await run.save({ order: { ...order, revision } });
    }
    const baseWritten = await deps.findManaged(base, task.caller, call);
    const now = readRecordedRequest(current.config, written);
    const effective = { ...rolledBackRequest(readRecordedRequest(base.config, baseWritten), now), name: task.release };
    const former = written && {
      injected: written.facts.injected,
      values: now.dependenciesConfigValues,
      shown: written.facts.dependenciesConfigValues,
    };
    return { base, baseWritten, effective, former: former ?? undefined };
  }

  /** Applies the documents of the revision again. */
  async function restore(change: Change, goal: Goal, injection: Injection): Promise<ChangeOutcome> {
    const { task, run, call } = change;
    const { base, baseWritten, effective } = goal;
    const origin = originOf(goal);
    const rules = secretRulesOf(base.schemas, metainfoOf(base.metaFiles), [
      injection.shown,
      ...(baseWritten === null ? [] : [baseWritten.facts.configValues, baseWritten.facts.commonValues]),
    ]);
    const facts = baseWritten?.facts ?? null;
    const layers = { ...effective, dependenciesConfigValues: injection.shown };
    const hidden = await deps.hideRecorded(recordedContent(base, { rules, layers, facts }), task.caller?.user ?? '');
    const masker = maskerFrom(hidden.secrets);
    const wasPaused = isPausedRevision(base, facts);
    const { transform, pause } = carryPause(
      base.objects,
      pauseRules(deps.live, deps.pauseDaemonSets, change.current.objects),
      {
        before: wasPaused ? (baseWritten?.facts.pause ?? {}) : null,
        now: effective.pause,
      },
    );
    const cause = causeOf(`rolled back to ${base.revision}`, task.caller);
    const config = buildReleaseConfig({
      ...effective,
      namespace: task.namespace,
      taskId: task.id,
      cause,
      caller: task.caller?.user ?? null,
      warnings: [...task.warnings, ...injection.warnings],
      chart: { name: base.chartName, version: base.chartVersion, appVersion: base.appVersion },
      source: origin,
      ...(baseWritten && { shippedLabels: shippedLabels(baseWritten.facts) }),
      ...hidden.layers,
      injected: injection.injected,
      pause: pause && pauseToJson(pause),
    });
    const release = await withoutSecrets(masker, () =>
      engine.rewriteRelease(
        {
          ...commonOf(change, cause),
          base: base.revision,
          releaseConfig: withOutputs(config, recordedOutputs(base, facts), hidden),
          values: base.config,
          labels: {
            ...helmLabels(effective.releaseLabels),
            ...(origin !== null && { [CHART_LABEL]: chartLabelValue(origin.digest) }),
          },
          hooks: change.order.disableHooks === true ? 'none' : 'rollback',
          transform: {
            run: convertedThen(transform),
            always: transform !== null,
          },
        },
        { ...call, onProgress: maskProgress(masker, run.report) },
      ),
    );
    return { release, warnings: [...injection.warnings, ...release.warnings] };
  }

  /** Renders the chart of the revision with the present outputs. */
  async function render(change: Change, { base, baseWritten, effective, former }: Goal): Promise<ChangeOutcome> {
    const { task, current, run, call } = change;
    const origin = await deps.findChart(base, baseWritten, {
      caller: task.caller,
      ...(change.judged && { judged: change.judged }),
    });
    await deps.keepArchive(task.namespace, origin.digest, { task: task.id, as: task.caller });
    const cause = causeOf(`rolled back to ${base.revision}`, task.caller);
    const {
      warnings,
      secrets: _rules,
      masker,
      ...content
    } = await deps.buildRelease({
      namespace: task.namespace,
      effective,
      chart: await deps.chartFacts(origin.digest, call),
      origin,
      taskId: task.id,
      cause,
      caller: task.caller,
      warnings: task.warnings,
      recorded: current.objects,
      dependencyRules: { unattended: task.unattended !== undefined, ...(former && { former }) },
    });
    const release = await withoutSecrets(masker, () =>
      engine.upgrade(
        {
          ...commonOf(change, cause),
          ...content,
          chart: origin.digest,
          crds: 'create',
          generatedFrom: base.revision,
          disableHooks: change.order.disableHooks === true,
        },
        { ...call, onProgress: maskProgress(masker, run.report) },
      ),
    );
    return { release, warnings: [...warnings, ...release.warnings] };
  }

  function commonOf({ task, revision, written, judged }: Change, description: string) {
    return {
      identity: task.caller,
      namespace: task.namespace,
      name: task.release,
      ...(judged && { judged }),
      description,
      timeoutMs: deps.operationTime(task),
      // Walm's first change of a release made by plain Helm prunes nothing (decision 12: how many revisions are kept).
      maxHistory: written === null ? 0 : deps.maxHistory,
      expectedRevision: revision - 1,
      forceConflicts: true,
      sealing: { operation: 'rollback', ...task.unattended },
    };
  }
}

/** The archive that the revision was made from; null if plain Helm installed another version of the chart. */
function originOf({ base, baseWritten }: Goal): ChartOrigin | null {
  const source = baseWritten?.facts.source ?? null;
  return source?.version === base.chartVersion ? source : null;
}
