import { TooManyAttempts } from '../../../domain/errors/too-many-attempts.ts';
import { type Masker, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type OrderKind, type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskExecutor, TaskExecutors } from '../../tasks/task-executor.ts';
import { maskError, maskProgress } from '../compose/without-secrets.ts';

export type MaskFailuresDeps = { cache: Pick<ReleaseCache, 'get'> };

/** What the engine or the cluster says of itself, and nothing of an object: it is no secret to anybody. */
const OF_ITSELF: ReadonlySet<string> = new Set(['CLUSTER_UNREACHABLE', 'ENGINE_STOPPED', 'CANCELLED']);

/**
 * Executors of which none tells a secret of its release: what a task fails with, warns of and reports on the way is
 * masked here, whatever the executor itself masks of what it alone knows. What is secret is known from the release as
 * it was before and as it is now. Where neither is known, what others than Walm said is not told at all.
 */
export function maskFailures<Kinds extends OrderKind>(
  executors: TaskExecutors<Kinds>,
  { cache }: MaskFailuresDeps,
): TaskExecutors<Kinds> {
  const maskerOf = async (task: Task): Promise<Masker | undefined> => {
    // A cache that cannot be read is no reason to tell more.
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
        return 'lookAgainMs' in result || result.warnings === undefined || before === undefined
          ? result
          : { ...result, warnings: maskWarnings(result.warnings, before) };
      } catch (error) {
        // What Walm says of a task that it gave up is its own.
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
 * A problem that quotes somebody else, without the quotation. Of an install there is nothing to be known before: the
 * values and what the chart made of them are masked where it is carried out.
 */
function untold(error: unknown, { order, namespace, release }: Task): unknown {
  if (order.kind === 'install' || !quotesOthers(error)) return error;
  const why = `Walm does not know the release ${namespace}/${release}, and so not what is secret in it`;
  return new ProblemError(error.code, `what this failed with is not told: ${why}`);
}

/** Whether a problem is what the engine or the cluster said: then it has their error as its cause. */
function quotesOthers(error: unknown): error is ProblemError {
  return (
    error instanceof ProblemError &&
    error.cause !== undefined &&
    !(error.cause instanceof ProblemError) &&
    !OF_ITSELF.has(error.code)
  );
}
