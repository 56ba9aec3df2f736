import type { KeepArchive } from '../../charts/keep-archive.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import { memberElsewhere } from '../../../domain/errors/project-problems.ts';
import { releaseExists } from '../../../domain/errors/release-problems.ts';
import { changesOnlyLabels } from '../../../domain/request/label-change.ts';
import { isDeployed } from '../../../domain/revisions/helm-status.ts';
import { readRecordedRequest } from '../../../domain/request/recorded-request.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import { helmLabels } from '../../../domain/request/release-labels.ts';
import { toEffectiveRequest } from '../../../domain/request/release-request.ts';
import type { UpgradeOrder, OrderOf } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import type { AwaitProviders } from '../../dependencies/await-providers.ts';
import type { BuildRelease } from '../compose/build-release.ts';
import type { MergeUpgrade } from '../compose/merge-upgrade.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';
import type { RewriteRelease } from './rewrite-release.ts';
import { maskProgress, withoutSecrets } from '../compose/without-secrets.ts';

export type RunUpgradeDeps = RunChangeDeps & {
  engine: Pick<HelmWriter, 'upgrade'>;
  awaitProviders: AwaitProviders;
  keepArchive: KeepArchive;
  mergeUpgrade: MergeUpgrade;
  buildRelease: BuildRelease;
  rewriteRelease: RewriteRelease;
  operationTime: OperationTime;
  /** Maximum revisions kept by Helm, 0 for all. */
  maxHistory: number;
};

/** Carries out an upgrade, from whatever state an earlier run left. */
export function createRunUpgrade(deps: RunUpgradeDeps): TaskExecutor<OrderOf<'upgrade'>> {
  return createRunChange<'upgrade'>(deps, (change) => {
    const { order, current } = change;
    const isLabelling = order.origin === null && order.crds !== 'apply' && changesOnlyLabels(order.request);
    const isOurs = isDeployed(current.status) && readReleaseFacts(current.releaseConfig) !== null;
    return isLabelling && isOurs && order.membership === undefined && order.complete === undefined
      ? relabel(change)
      : upgrade(change);
  });

  /** Rendering again would change values that the chart generates at random (decision 2: rewrites do not render). */
  async function relabel(change: ChangeToCarryOut<UpgradeOrder>): Promise<ChangeOutcome> {
    const { task, order, current, written } = change;
    const recorded = readRecordedRequest(current.config, written);
    const merged = toEffectiveRequest({ ...order.request, name: task.release }, task.namespace, recorded);
    const { releaseLabels, removedLabels } = merged;
    const source = written?.facts.source;
    const release = await deps.rewriteRelease(change, {
      cause: 'relabelled',
      facts: { releaseLabels, removedLabels },
      labels: { ...helmLabels(releaseLabels), ...(source && { [CHART_LABEL]: chartLabelValue(source.digest) }) },
      yieldConflicts: order.forceConflicts !== true,
    });
    return { release, warnings: release.warnings };
  }

  async function upgrade(change: ChangeToCarryOut<UpgradeOrder>): Promise<ChangeOutcome> {
    const { task, order, current, written, revision, judged, run, call } = change;
    const { namespace, release: name, caller: identity } = task;
    if (order.complete !== undefined) {
      refuseStranger(change);
    }
    const merged = await deps.mergeUpgrade(
      {
        request: order.request,
        origin: order.origin,
        current,
        written,
        caller: identity,
        ...(order.membership && { membership: order.membership }),
        complete: order.complete !== undefined,
        ...(judged && { judged }),
      },
      call,
    );
    const { effective, chart, origin, former } = merged;
    const later = order.waitReady ? await deps.awaitProviders(task, effective.dependencies, run) : null;
    if (later !== null) {
      return later;
    }
    if (run.fresh?.archiveKept !== true) {
      await deps.keepArchive(namespace, origin.digest, { task: task.id, as: identity });
    }
    const cause = order.cause ?? causeOf('upgraded', identity);
    const composed = await deps.buildRelease({
      namespace,
      effective,
      chart,
      origin,
      taskId: task.id,
      cause,
      caller: identity,
      warnings: [...task.warnings, ...merged.warnings],
      recorded: current.objects,
      dependencyRules: {
        allowMissing: order.allowMissing,
        unattended: task.unattended !== undefined,
        ...(former && { former }),
      },
    });
    const { warnings: composing, secrets: _rules, masker, ...content } = composed;
    const release = await withoutSecrets(masker, () =>
      deps.engine.upgrade(
        {
          identity,
          namespace,
          name,
          ...(judged && { judged }),
          ...content,
          chart: origin.digest,
          description: cause,
          crds: order.crds,
          timeoutMs: deps.operationTime(task),
          maxHistory: deps.maxHistory,
          expectedRevision: revision - 1,
          ...(task.unattended && { sealing: task.unattended }),
          ...(order.forceConflicts === true && { forceConflicts: true }),
          ...(order.recreate !== undefined && { recreate: order.recreate }),
          ...(order.disableHooks === true && { disableHooks: true }),
        },
        { ...call, onProgress: maskProgress(masker, run.report) },
      ),
    );
    const warnings: Warning[] = [...merged.warnings, ...composing, ...release.warnings];
    return { release, warnings };
  }
}

/** A release may have become another project's, or its own, since the desired state of this project was accepted. */
function refuseStranger({ task, order, current, written }: ChangeToCarryOut<UpgradeOrder>): void {
  const own = written?.facts.project ?? '';
  if (own !== '' && own !== order.membership?.project) {
    throw memberElsewhere(task.namespace, task.release, own);
  }
  if (own === '' && order.complete !== 'adopted') {
    throw releaseExists(task.namespace, task.release, current.revision);
  }
}
