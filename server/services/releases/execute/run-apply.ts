import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type OrderOf, type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { TaskExecutor, TaskRun } from '../../tasks/task-executor.ts';
import type { AwaitReady } from './await-ready.ts';

type ApplyOrder = OrderOf<'install' | 'upgrade'>;

export type RunApplyDeps = {
  runInstall: TaskExecutor<OrderOf<'install'>>;
  runUpgrade: TaskExecutor<OrderOf<'upgrade'>>;
  awaitReady: AwaitReady;
  operationTime: OperationTime;
};

/**
 * Carries out an install or an upgrade: switches between the two if the request allows it and the release turns out to
 * exist or not (decision 20: upsert), and waits until the release is ready if the request says so.
 */
export function createRunApply(deps: RunApplyDeps): TaskExecutor<ApplyOrder> {
  const carryOut = (task: Task, order: ApplyOrder, run: TaskRun) =>
    order.kind === 'install' ? deps.runInstall({ ...task, order }, run) : deps.runUpgrade({ ...task, order }, run);

  async function either(task: Task<ApplyOrder>, run: TaskRun) {
    try {
      return await carryOut(task, task.order, run);
    } catch (error) {
      const order = otherOrder(task.order, error);
      if (order === null) {
        throw error;
      }
      // What was read for one kind of order does not apply to the other.
      const { fresh: _, ...rest } = run;
      return carryOut(await run.save({ order }), order, rest);
    }
  }

  return async function runApply(task, run) {
    const result = await either(task, run);
    if (task.order.wait === true && 'revision' in result && result.revision !== undefined) {
      const timeoutMs = deps.operationTime(task);
      await deps.awaitReady(taskKey(task), { ...run, revision: result.revision, timeoutMs });
    }
    return result;
  };
}

/** The order to carry out instead; null if the task fails with the error. */
function otherOrder(order: ApplyOrder, error: unknown): ApplyOrder | null {
  if (!(error instanceof ProblemError) || order.upsert !== true) {
    return null;
  }
  if (order.kind === 'install') {
    return error.code === 'RELEASE_EXISTS' ? { ...order, kind: 'upgrade' } : null;
  }
  const { origin } = order;
  return error.code === 'RELEASE_NOT_FOUND' && origin !== null ? { ...order, kind: 'install', origin } : null;
}
