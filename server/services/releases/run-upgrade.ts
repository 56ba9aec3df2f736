import type { Warning } from '../../../contract/warning.ts';
import { causeOf } from '../../domain/cause.ts';
import type { UpgradeOrder } from '../../domain/task.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { TaskExecutor } from '../tasks/task-executor.ts';
import type { createAwaitProviders } from './await-providers.ts';
import type { createComposeRelease } from './compose-release.ts';
import type { createMergeUpgrade } from './merge-upgrade.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';
import { withoutSecrets } from './without-secrets.ts';

export type RunUpgradeDeps = RunChangeDeps & {
  engine: Pick<HelmEngine, 'upgrade'>;
  awaitProviders: ReturnType<typeof createAwaitProviders>;
  keepArchive: (namespace: string, digest: string) => Promise<void>;
  mergeUpgrade: ReturnType<typeof createMergeUpgrade>;
  composeRelease: ReturnType<typeof createComposeRelease>;
  operationTimeoutMs: number;
  /** Revisions that Helm keeps, 0 for all. */
  maxHistory: number;
};

/** Carries out an upgrade, from whatever state an earlier run left. */
export function createRunUpgrade(deps: RunUpgradeDeps): TaskExecutor {
  return createRunChange(deps, 'upgrade', upgrade);

  async function upgrade(change: ChangeToCarryOut<UpgradeOrder>): Promise<ChangeOutcome> {
    const { task, order, current, written, run, call } = change;
    const { namespace, release: name, caller: identity } = task;
    const merged = await deps.mergeUpgrade(
      {
        request: order.request,
        origin: order.origin,
        current,
        written,
        ...(order.membership && { membership: order.membership }),
      },
      call,
    );
    const { effective, chart, origin, former } = merged;
    const later = order.waitReady ? await deps.awaitProviders(task, effective.dependencies, run) : null;
    if (later !== null) {
      return later;
    }
    if (run.fresh?.archiveKept !== true) {
      await deps.keepArchive(namespace, origin.digest);
    }
    const cause = order.cause ?? causeOf('upgraded', identity);
    const composed = await deps.composeRelease({
      namespace,
      effective,
      chart,
      origin,
      taskId: task.id,
      cause,
      caller: identity,
      recorded: current.objects,
      dependencyRules: { allowMissing: order.allowMissing, ...(former && { former }) },
    });
    const { warnings: composing, secrets, ...content } = composed;
    const release = await withoutSecrets(content.values, secrets, () =>
      deps.engine.upgrade(
        {
          identity,
          namespace,
          name,
          ...content,
          chart: origin.digest,
          description: cause,
          crds: order.crds,
          timeoutMs: task.operationTimeoutMs ?? deps.operationTimeoutMs,
          maxHistory: deps.maxHistory,
          expectedRevision: current.revision,
          ...(order.forceConflicts === true && { forceConflicts: true }),
          ...(order.recreate !== undefined && { recreate: order.recreate }),
        },
        { ...call, onProgress: run.report },
      ),
    );
    const warnings: Warning[] = [...merged.warnings, ...composing, ...release.warnings];
    return { release, warnings };
  }
}
