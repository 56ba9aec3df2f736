import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { TaskProgress } from '../../../contract/schemas/task.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { OrderKind, OrderOf, Task, TaskOrder } from '../../domain/tasks/task.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { ReleaseSnapshot } from '../../domain/change/seen-release.ts';

/** What was read while a task was accepted, usable for a run that starts at once. */
export type FreshKnowledge = {
  /** The release as it was observed. */
  seen: ReleaseSnapshot;
  /** The applied revision that was read with it. */
  current?: HelmRelease;
  /** Whether the chart's archive is stored in the release's namespace. */
  archiveKept: boolean;
};

/** The context of one run of a task. */
export type TaskRun = {
  /**
   * Aborted when leadership is lost or the server stops: the work is cancelled, and the next leader observes its state.
   */
  signal: AbortSignal;
  report: (progress: TaskProgress) => void;
  /** Makes a change of the task durable before going on. */
  save: (changes: Partial<Task>) => Promise<Task>;
  fresh?: FreshKnowledge;
};

/**
 * The run has to be repeated after this time or `sooner`, which calls back when it is worthwhile and returns a function
 * that unsubscribes.
 */
export type Recheck = { recheckMs: number; sooner?: (wake: () => void) => () => void };

/** The end of a run: the task is done, or has to run again later (the release is locked by another client). */
export type TaskResult = { revision?: number; warnings?: readonly Warning[]; tests?: ReleaseTests } | Recheck;

/**
 * Carries a task out from whatever state it finds: a run may be the first, or follow any interruption. Throws the
 * ProblemError that the task fails with.
 */
export type TaskExecutor<Order extends TaskOrder = TaskOrder> = (
  task: Task<Order>,
  run: TaskRun,
) => Promise<TaskResult>;

/** The executor of each kind of order. */
export type TaskExecutors<Kinds extends OrderKind = OrderKind> = {
  readonly [Kind in Kinds]: TaskExecutor<OrderOf<Kind>>;
};
