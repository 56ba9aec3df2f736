import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { TaskProgress } from '../../../contract/schemas/task.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ReleaseSnapshot } from '../../domain/change/install-plan.ts';
import type { OrderKind, OrderOf, Task, TaskOrder } from '../../domain/tasks/task.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** What was found out while a task was accepted, good for a run that begins at once. */
export type FreshKnowledge = {
  /** The release as it was seen. */
  seen: ReleaseSnapshot;
  /** The revision that was applied last of what was seen, as it was read. */
  current?: HelmRelease;
  /** The chart's archive is kept in the release's namespace. */
  archiveKept: boolean;
};

/** What accompanies one run of a task. */
export type TaskRun = {
  /** Aborted when the lead is lost or the server stops: the work is cancelled and observed again by who comes next. */
  signal: AbortSignal;
  report: (progress: TaskProgress) => void;
  /** Makes a change of the task durable before going on. */
  save: (changes: Partial<Task>) => Promise<Task>;
  fresh?: FreshKnowledge;
};

/** That a run has to look again, after this time or `sooner`: that calls back when it is worth it, and answers how to stop. */
export type LookAgain = { lookAgainMs: number; sooner?: (wake: () => void) => () => void };

/** A run that is over: done, or it has to look again after a while (somebody else's operation holds the release). */
export type TaskResult = { revision?: number; warnings?: readonly Warning[]; tests?: ReleaseTests } | LookAgain;

/**
 * Carries a task out from whatever state the world is in: a run may be the first or come after any interruption.
 * Throws the ProblemError that the task fails with.
 */
export type TaskExecutor<Order extends TaskOrder = TaskOrder> = (
  task: Task<Order>,
  run: TaskRun,
) => Promise<TaskResult>;

/** What carries out each kind of order. */
export type TaskExecutors<Kinds extends OrderKind = OrderKind> = {
  readonly [Kind in Kinds]: TaskExecutor<OrderOf<Kind>>;
};
