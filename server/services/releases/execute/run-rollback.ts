import type { KeepArchive } from '../../charts/keep-archive.ts';
import { appliedBefore } from '../../../domain/revisions/applied-revision.ts';
import { revisionNotFound } from '../../../domain/errors/release-problems.ts';
import type { RollbackOrder, OrderOf } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { judgedOf } from '../../automation/judge-revisions.ts';
import type { PlanRollback, RollbackPlan } from '../compose/plan-rollback.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';
import { maskProgress, withoutSecrets } from '../compose/without-secrets.ts';

export type RunRollbackDeps = RunChangeDeps & {
  engine: Pick<HelmReader, 'releaseHistory'> & Pick<HelmWriter, 'rewriteRelease' | 'upgrade'>;
  planRollback: PlanRollback;
  keepArchive: KeepArchive;
  operationTime: OperationTime;
  /** Maximum revisions kept by Helm, 0 for all. */
  maxHistory: number;
};

type Change = ChangeToCarryOut<RollbackOrder>;

/**
 * Carries out a rollback as it is planned (decision 36: rollback). Rollback hooks run, and fields that other managers
 * own are taken over (decision 32: field conflicts).
 */
export function createRunRollback(deps: RunRollbackDeps): TaskExecutor<OrderOf<'rollback'>> {
  const { engine } = deps;

  return createRunChange<'rollback'>(deps, async (taken) => {
    const base = await findBase(taken);
    const change = { ...taken, ...(taken.judged && { judged: [...taken.judged, judgedOf(base)] }) };
    const { task, current, written, judged, call } = change;
    const plan = await deps.planRollback({
      current,
      written,
      base,
      caller: task.caller,
      taskId: task.id,
      unattended: task.unattended !== undefined,
      warnings: task.warnings,
      ...(judged && { judged }),
      call,
    });
    return carryOut(change, plan);
  });

  async function findBase({ task, order, revision: next, run, call }: Change): Promise<HelmRelease> {
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
    return base;
  }

  async function carryOut(change: Change, plan: RollbackPlan): Promise<ChangeOutcome> {
    const { task, order, run, call } = change;
    const progressing = { ...call, onProgress: maskProgress(plan.masker, run.report) };
    const common = commonOf(change, plan.cause);
    const disableHooks = order.disableHooks === true;
    switch (plan.how) {
      case 'restore': {
        const request = { ...common, ...plan.content, hooks: disableHooks ? ('none' as const) : ('rollback' as const) };
        const release = await withoutSecrets(plan.masker, () => engine.rewriteRelease(request, progressing));
        return { release, warnings: [...plan.warnings, ...release.warnings] };
      }
      case 'render': {
        await deps.keepArchive(task.namespace, plan.origin.digest, { task: task.id, as: task.caller });
        const request = { ...common, ...plan.content, disableHooks };
        const release = await withoutSecrets(plan.masker, () => engine.upgrade(request, progressing));
        return { release, warnings: [...plan.warnings, ...release.warnings] };
      }
      default:
        return plan satisfies never;
    }
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
