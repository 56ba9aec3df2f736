import type { JsonValue } from '../../../contract/schemas/json.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { namespaceReserved } from '../../domain/names/reserved-namespace.ts';
import type { Task, TaskOrder } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { Authorization } from '../access/authorization.ts';
import type { ChangeTerms } from './release-mutation.ts';
import { identify, repeated } from './task-identity.ts';
import type { TaskPlaces } from './task-places.ts';
import type { Reservation, TaskStarter } from './task-starter.ts';
import type { ReleaseSnapshot } from '../../domain/change/seen-release.ts';

export type SubmitTaskDeps = {
  store: Pick<TaskStore, 'create' | 'find' | 'refuseTooLarge' | 'withdraw'>;
  starter: TaskStarter;
  authorization: Pick<Authorization, 'demandTask'>;
  places: TaskPlaces;
  clock: Clock;
  /** Walm's own namespace, in which no task changes anything. */
  systemNamespace: string;
  newId: () => string;
};

/** A change that has passed validation. */
export type Submission = {
  namespace: string;
  release: string;
  /** Present if the task changes a whole project; `release` is then `""`. */
  project?: string;
  order: TaskOrder;
  /** The request, by which a repetition is recognised; absent: the order. */
  asked?: JsonValue;
  warnings: Task['warnings'];
  options: ChangeTerms;
  /** The release as observed during validation, and the revision number that follows. */
  seen: ReleaseSnapshot;
  /** The applied revision, if validation read it: large ones are not read twice. */
  current?: HelmRelease;
  revision?: number;
  /**
   * Stores the chart's archive for the task of this id; returns whether it lies beside the release then. If another replica may take the task, or
   * a repeated request may be answered with it, this happens first; otherwise concurrently, and if it fails the task is
   * withdrawn.
   */
  keepArchive?: (task: string) => Promise<boolean>;
};

/**
 * Makes a task durable and, if the release is idle and this replica leads, starts it at once: then the task is written
 * once, as running, instead of twice. A repeated Idempotency-Key returns the first task.
 * @throws ProblemError NAMESPACE_RESERVED, TOO_MANY_TASKS, FORBIDDEN for a caller without the right,
 * IDEMPOTENCY_KEY_REUSED if the key came with a different request, BODY_TOO_LARGE with nothing written
 */
export type SubmitTask = (submission: Submission) => Promise<StoredTask>;

export function createSubmitTask(deps: SubmitTaskDeps): SubmitTask {
  const { store, starter, authorization, places, clock, newId } = deps;
  return async function submitTask(submission) {
    const { namespace, options } = submission;
    const arrived = places.take({ namespace, caller: options.caller });
    try {
      return await submit(submission);
    } finally {
      arrived();
    }
  };

  /**
   * Withdraws a task whose archive could not be stored, while no replica runs it: the release is reserved until the
   * task is gone. A new leader may have started it meanwhile: then the task stays accepted.
   */
  async function withdraw(stored: StoredTask, reservation: Reservation | null, why: unknown): Promise<StoredTask> {
    try {
      await store.withdraw(stored);
    } catch (error) {
      if (error instanceof TaskConflict) {
        return stored;
      }
      throw error;
    } finally {
      reservation?.cancel();
    }
    throw why;
  }

  /**
   * Writes a task. If the write gets no answer, the task may exist and may even have started: it is looked for while its
   * release is held, so that no other task starts beside it.
   */
  async function create(task: Task, isHeld: boolean): Promise<StoredTask | null> {
    try {
      return await store.create(task);
    } catch (error) {
      const found = isHeld && isUncertain(error) ? await store.find(task.id).catch(() => null) : null;
      if (found === null) {
        throw error;
      }
      return found;
    }
  }

  async function submit(submission: Submission): Promise<StoredTask> {
    const { namespace, release, project, order, warnings, options, seen, revision, current, keepArchive } = submission;
    const { asked = JSON.parse(JSON.stringify(order)) as JsonValue } = submission;
    if (namespace === deps.systemNamespace) {
      throw namespaceReserved(namespace);
    }
    const identity = identify({ namespace, release: project ?? release, asked, options }, newId);
    const now = timestamp(clock);
    const queued: Task = {
      ...identity,
      namespace,
      release,
      ...(project !== undefined && { project }),
      state: 'queued',
      attempt: 0,
      caller: options.caller,
      ...(options.unattended && { unattended: options.unattended }),
      requestId: options.requestId,
      createdAt: now,
      warnings,
      order,
      ...(options.expectedRevision !== undefined && { expectedRevision: options.expectedRevision }),
      ...(options.force === true && { force: true }),
      ...(options.operationTimeoutMs !== undefined && { operationTimeoutMs: options.operationTimeoutMs }),
    };
    await authorization.demandTask(queued);
    if (keepArchive !== undefined) {
      await store.refuseTooLarge(queued);
    }
    const reserved = starter.reserve(queued);
    const keeping = keepArchive?.(queued.id);
    if (reserved === null || options.idempotencyKey !== undefined) {
      await keptOrCancelled(keeping, reserved);
    }
    // Keeping the archive may have taken long: a replica that lost the lead meanwhile starts nothing, and notes no start.
    const reservation = reserved?.holds() === true ? reserved : null;
    if (reservation === null) {
      reserved?.cancel();
    }
    const started = { state: 'running', attempt: 1, startedAt: timestamp(clock) } as const;
    const task: Task = reservation ? { ...queued, ...started, ...(revision !== undefined && { revision }) } : queued;
    const [created, archived] = await Promise.allSettled([create(task, reservation !== null), keeping]);
    if (created.status === 'rejected') {
      reservation?.cancel();
      throw created.reason;
    }
    if (created.value === null) {
      reservation?.cancel();
      return repeated(task, await store.find(task.id));
    }
    if (created.value.task.startedAt !== task.startedAt || created.value.task.attempt !== task.attempt) {
      // A new leader has started it, or an earlier request with its key has created it.
      reservation?.cancel();
      return repeated(task, created.value);
    }
    if (archived.status === 'rejected') {
      return withdraw(created.value, reservation, archived.reason);
    }
    reservation?.start(created.value, { seen, archiveKept: archived.value === true, ...(current && { current }) });
    return created.value;
  }
}

/** Waits for the archive; without it the release is free again. */
async function keptOrCancelled(keeping: Promise<boolean> | undefined, reservation: Reservation | null): Promise<void> {
  try {
    await keeping;
  } catch (error) {
    reservation?.cancel();
    throw error;
  }
}

function isUncertain(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'CLUSTER_UNREACHABLE';
}
