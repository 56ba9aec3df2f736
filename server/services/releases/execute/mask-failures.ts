import { TooManyAttempts } from '../../../domain/errors/too-many-attempts.ts';
import { type Masker, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type OrderKind, type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskExecutor, TaskExecutors } from '../../tasks/task-executor.ts';
import { maskError, maskProgress } from '../compose/without-secrets.ts';

export type MaskFailuresDeps = { cache: Pick<ReleaseCache, 'get'> };

/** Errors about the engine or the cluster itself, not about an object: they reveal no secret. */
const OF_ITSELF: ReadonlySet<string> = new Set(['CLUSTER_UNREACHABLE', 'ENGINE_STOPPED', 'CANCELLED']);

/**
 * Wraps executors so that no secret of the release leaves a task: errors, warnings and progress are masked here, in
 * addition to what an executor masks itself. Secrets are known from the release before and after the change. If neither
 * is known, texts that do not come from Walm are dropped.
 */
export function maskFailures<Kinds extends OrderKind>(
  executors: TaskExecutors<Kinds>,
  { cache }: MaskFailuresDeps,
): TaskExecutors<Kinds> {
  const maskerOf = async (task: Task): Promise<Masker | undefined> => {
    // If the cache cannot be read, texts are dropped as well.
    const record = await cache.get(taskKey(task)).catch(() => undefined);
    return record?.masker;
  };

  const masked =
    (execute: TaskExecutor): TaskExecutor =>
    async (task, run) => {
      const before = await maskerOf(task);
      const report = maskProgress(before ?? NO_SECRETS, run.report);
      try {
        const result = await execute(task, { ...run, report });
        return 'recheckMs' in result || result.warnings === undefined || before === undefined
          ? result
          : { ...result, warnings: maskWarnings(result.warnings, before) };
      } catch (error) {
        // The message about an abandoned task is written by Walm and contains no secret.
        if (error instanceof TooManyAttempts) throw error;
        const now = await maskerOf(task);
        const known = before ?? now;
        throw known === undefined ? untold(error, task) : maskError(error, known.and(now ?? NO_SECRETS));
      }
    };
  const entries = Object.entries<unknown>(executors).map(([kind, execute]) => [kind, masked(execute as TaskExecutor)]);
  return Object.fromEntries(entries) as TaskExecutors<Kinds>;
}

/**
 * A problem without the text it quotes. For an install no secrets are known in advance: the values and the rendered
 * objects are masked by the executor.
 */
function untold(error: unknown, { order, namespace, release }: Task): unknown {
  if (order.kind === 'install' || !quotesOthers(error)) return error;
  const why = `Walm has not read the release ${namespace}/${release}, and does not know its secrets`;
  return new ProblemError(error.code, `the error is hidden, because ${why}`);
}

/** Whether a problem quotes the engine or the cluster: then it has their error as its cause. */
function quotesOthers(error: unknown): error is ProblemError {
  return (
    error instanceof ProblemError &&
    error.cause !== undefined &&
    !(error.cause instanceof ProblemError) &&
    !OF_ITSELF.has(error.code)
  );
}
