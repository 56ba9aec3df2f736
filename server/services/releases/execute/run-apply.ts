import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type Task, taskKey, type TaskOrder } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { TaskExecutor, TaskRun } from '../../tasks/task-executor.ts';
import type { createAwaitReady } from './await-ready.ts';

export type RunApplyDeps = {
  runInstall: TaskExecutor;
  runUpgrade: TaskExecutor;
  awaitReady: ReturnType<typeof createAwaitReady>;
  operationTime: OperationTime;
};

/**
 * Carries out an install or an upgrade: as the other one where the request leaves that open and the release turns out
 * to be there or not (decision 20), and until the release is ready where the request wants that.
 */
export function createRunApply({ runInstall, runUpgrade, awaitReady, operationTime }: RunApplyDeps): TaskExecutor {
  const carryOut: TaskExecutor = (task, run) => (task.order.kind === 'install' ? runInstall : runUpgrade)(task, run);

  async function either(task: Task, run: TaskRun) {
    try {
      return await carryOut(task, run);
    } catch (error) {
      const order = otherOrder(task.order, error);
      if (order === null) {
        throw error;
      }
      // What was found out for the one order does not hold for the other.
      const { fresh: _, ...rest } = run;
      return carryOut(await run.save({ order, operation: order.kind }), rest);
    }
  }

  return async (task, run) => {
    const result = await either(task, run);
    const { order } = task;
    const waits = (order.kind === 'install' || order.kind === 'upgrade') && order.wait === true;
    if (waits && 'revision' in result && result.revision !== undefined) {
      const timeoutMs = operationTime(task);
      await awaitReady(taskKey(task), { ...run, revision: result.revision, timeoutMs });
    }
    return result;
  };
}

/** The order to carry out instead; null when the error is one to fail with. */
function otherOrder(order: TaskOrder, error: unknown): TaskOrder | null {
  if (!(error instanceof ProblemError) || (order.kind !== 'install' && order.kind !== 'upgrade') || !order.upsert) {
    return null;
  }
  if (order.kind === 'install') {
    return error.code === 'RELEASE_EXISTS' ? { ...order, kind: 'upgrade' } : null;
  }
  const { origin } = order;
  return error.code === 'RELEASE_NOT_FOUND' && origin !== null ? { ...order, kind: 'install', origin } : null;
}
