import type { ReleaseSnapshot } from '../../domain/change/install-plan.ts';
import type { JsonValue } from '../../../contract/schemas/json.ts';
import { namespaceReserved } from '../../domain/names/reserved-namespace.ts';
import { type Task, taskKey, type TaskOrder } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { Authorization } from '../access/authorization.ts';
import type { ChangeTerms } from './release-mutation.ts';
import { identify, repeated } from './task-identity.ts';
import type { TaskPlaces } from './task-places.ts';
import type { Reservation, TaskStarter } from './task-starter.ts';

export type SubmitTaskDeps = {
  store: Pick<TaskStore, 'create' | 'find' | 'refuseTooLarge' | 'withdraw'>;
  starter: TaskStarter;
  authorization: Pick<Authorization, 'demandTask'>;
  places: TaskPlaces;
  clock: Clock;
  /** Walm's own namespace, which no task changes anything in. */
  systemNamespace: string;
  newId: () => string;
};

/** A change that has been judged acceptable. */
export type Submission = {
  namespace: string;
  release: string;
  /** Present when the task changes a whole project; `release` is then `""`. */
  project?: string;
  order: TaskOrder;
  /** The request, by which its repetition is known; absent: the order. */
  asked?: JsonValue;
  warnings: Task['warnings'];
  options: ChangeTerms;
  /** How the release looked while the request was judged, and the revision that follows from it. */
  seen: ReleaseSnapshot;
  /** The applied revision of what was seen, where it was read for judging: large ones are not read twice. */
  current?: HelmRelease;
  revision?: number;
  /**
   * Keeps the chart's archive; answers whether it lies beside the release then. Where another replica may take the
   * task, that comes first; else both happen at once, and when it fails the task is taken back.
   */
  keepArchive?: () => Promise<boolean>;
};

/**
 * Makes a task durable and, where the release is idle and this replica leads, starts it at once: then the task is
 * written once, as running, instead of twice. A repeated Idempotency-Key answers with the first task.
 * @throws ProblemError NAMESPACE_RESERVED, TOO_MANY_TASKS, FORBIDDEN for a caller who may not do it,
 * IDEMPOTENCY_KEY_REUSED when the key came with another request, BODY_TOO_LARGE with nothing written
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
   * Takes back a task whose archive could not be kept, while nobody carries it out: the release is held until it is gone.
   * Who leads since may have begun it: then it is accepted.
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
    const reservation = starter.reserve(taskKey(queued));
    const task: Task = reservation
      ? { ...queued, state: 'running', attempt: 1, startedAt: now, ...(revision !== undefined && { revision }) }
      : queued;
    if (reservation === null) {
      await keepArchive?.();
    }
    const keeping = reservation === null ? undefined : keepArchive?.();
    const [created, archived] = await Promise.allSettled([store.create(task), keeping]);
    if (created.status === 'rejected') {
      reservation?.cancel();
      throw created.reason;
    }
    if (created.value === null) {
      reservation?.cancel();
      return repeated(task, await store.find(task.id));
    }
    if (archived.status === 'rejected') {
      return withdraw(created.value, reservation, archived.reason);
    }
    reservation?.start(created.value, { seen, archiveKept: archived.value === true, ...(current && { current }) });
    return created.value;
  }
}
