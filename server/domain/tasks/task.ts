import type { RestartMode } from '../../../contract/schemas/restart-mode.ts';
import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { TaskInfo, TaskOperation, TaskProgress, TaskState } from '../../../contract/schemas/task.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../access/caller.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import type { JsonObject } from '../json/json.ts';
import type { PauseState } from '../workloads/pause-state.ts';
import { releaseKey, type ReleaseKey } from '../names/release-key.ts';
import type { RestartPlan } from '../workloads/restart-plan.ts';

export type { TaskOperation, TaskState };

/** What an accepted install or upgrade still has to know after a restart. */
type ApplyOrder = {
  /** As sent, secret values included: a task is kept as a Secret and shown only as `TaskInfo`. */
  request: ReleaseRequest;
  /** Make the namespace when it is missing, and remove it again when the install fails. */
  createNamespace: boolean;
  crds: 'create' | 'apply' | 'skip';
  /** Wait until the releases that it depends on are ready (decision 39). */
  waitReady: boolean;
  /** A dependency may name a release that does not exist. */
  allowMissing: boolean;
  /** Absent for a release that belongs to no project. */
  membership?: { project: string; commonValues: JsonObject };
  /** The task ends when the release is ready. */
  wait?: boolean;
  /** Take over fields that another manager owns. */
  forceConflicts?: boolean;
  /** Upgrade what exists, install what does not, whatever was there when the request came. */
  upsert?: boolean;
  /** Make objects anew whose immutable fields change. */
  recreate?: 'orphan' | 'delete';
  /** Run none of the chart's hooks. */
  disableHooks?: boolean;
  /** Why, where it is not that somebody asked for it; at most 256 characters. */
  cause?: string;
};

/** `origin` is the chart as it was found when the request came. */
export type InstallOrder = ApplyOrder & { kind: 'install'; origin: ChartOrigin };

/** `origin` null: the request names no chart, and the release keeps its own. */
export type UpgradeOrder = ApplyOrder & { kind: 'upgrade'; origin: ChartOrigin | null };

/** What an accepted delete still has to know after a restart. */
export type DeleteOrder = {
  kind: 'delete';
  deletePvcs: boolean;
  /** A release that is gone when the task starts is no failure. */
  ignoreNotFound: boolean;
  /** Keep the revisions, and the archives that they were made from. */
  keepHistory?: boolean;
  /** Run none of the chart's hooks. */
  disableHooks?: boolean;
  /** Claims to remove after the release, found in its revisions while they still existed (decision 37). */
  claims?: string[];
  /** Archives that its revisions were made from; present once the release was seen. */
  digests?: string[];
};

/** What an accepted restart still has to know after a restart of Walm. */
export type RestartOrder = {
  kind: 'restart';
  mode: RestartMode;
  /** Present once it has begun: what is to be restarted does not change with the restart itself. */
  plan?: RestartPlan;
};

/** What an accepted pause, or the way back, has to know: nothing but the release, and why Walm does it by itself. */
export type PauseOrder = { kind: 'pause'; reason?: string };
export type RecoverOrder = {
  kind: 'recover';
  /** Workloads that others had scaled before the pause, to be scaled so again; present once it has begun. */
  scales?: PauseState['live'];
};

/** What an accepted adoption (decision 5) or detachment (decision 11) has to know: nothing but the release. */
export type AdoptOrder = { kind: 'adopt' };
export type DetachOrder = { kind: 'detach' };

/** What an accepted rollback has to know: revision 0 is the one that was in force before. */
export type RollbackOrder = { kind: 'rollback'; revision: number; disableHooks?: boolean };

/** What an accepted run of test hooks has to know: which ones, all where it names none. */
export type TestOrder = { kind: 'test'; names?: string[] };

/** That a failed rollout is held (decision 35), and why. */
export type HoldOrder = { kind: 'hold'; reason: string };

/** The install of one release of a project, after those that it depends on. */
export type ProjectInstall = { release: string; after: string[]; order: InstallOrder };

/** What an accepted project still has to know after a restart. */
export type CreateProjectOrder = { kind: 'createProject'; installs: ProjectInstall[] };

/** The removal of one release of a project, after those that depend on it. */
export type ProjectRemoval = { release: string; after: string[] };

/** What the accepted deletion of a project still has to know after a restart. */
export type DeleteProjectOrder = {
  kind: 'deleteProject';
  deletePvcs: boolean;
  /** Keep the revisions of its releases. */
  keepHistory?: true;
  /** Present once it has begun. */
  removals?: ProjectRemoval[];
};

export type TaskOrder =
  | InstallOrder
  | UpgradeOrder
  | DeleteOrder
  | RestartOrder
  | PauseOrder
  | RecoverOrder
  | AdoptOrder
  | DetachOrder
  | RollbackOrder
  | HoldOrder
  | TestOrder
  | CreateProjectOrder
  | DeleteProjectOrder;

export type OrderKind = TaskOrder['kind'];
export type OrderOf<Kind extends OrderKind> = Extract<TaskOrder, { kind: Kind }>;

/**
 * One accepted change of one release (decision 26). Accepted means durable: whatever is killed, the task is finished,
 * resumed or visibly failed afterwards, because what it did is observed in Helm's records and never remembered here.
 */
export type Task<Order extends TaskOrder = TaskOrder> = {
  /** Lower-case letters, digits and dashes. */
  id: string;
  namespace: string;
  /** `""` for a task that changes a whole project. */
  release: string;
  /** Present when the task changes a whole project. */
  project?: string;
  state: TaskState;
  /** How many times it was started. */
  attempt: number;
  caller: Caller | null;
  /**
   * Nobody asked for it: Walm acts in the name of `caller`, who made the release what it is (at `since`, RFC 3339), and
   * on sealed revisions only.
   */
  unattended?: { since: string };
  requestId: string;
  /** RFC 3339, UTC, as the other times. */
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** Helm's revision that the task writes, or removes; present once it has started. */
  revision?: number;
  progress?: TaskProgress;
  error?: { code: string; message: string; details: Record<string, unknown> };
  warnings: Warning[];
  /** How the tests went, once a test has ended. */
  tests?: ReleaseTests;
  order: Order;
  /** Refuse unless the release's newest revision is this one when the task starts. */
  expectedRevision?: number;
  /** Somebody wants it cancelled; null is Walm's own identity. Whoever runs it stops it. */
  cancelRequest?: { by: string | null };
  /** Somebody else's unfinished operation is ended at once. */
  force?: boolean;
  /** Helm's timeout for hooks and waits, in milliseconds, where the request set one. */
  operationTimeoutMs?: number;
  /** Digest of the request that came with an Idempotency-Key: tells a repetition from another request. */
  fingerprint?: string;
};

/** Whether nobody asked for it: Walm began it because what a provider publishes has changed. */
export function isFollowing({ order }: Pick<Task, 'order'>): boolean {
  return order.kind === 'upgrade' && order.cause !== undefined;
}

/** What a task changes: a release, or a project. Tasks of one key run one after the other. */
export function taskKey({ namespace, release, project }: Pick<Task, 'namespace' | 'release' | 'project'>): ReleaseKey {
  return project === undefined ? releaseKey(namespace, release) : projectKey(namespace, project);
}

/** The key of a project among tasks; no release can have it. */
export function projectKey(namespace: string, project: string): ReleaseKey {
  return releaseKey(namespace, `project:${project}`);
}

/** Id of the task of one release, by its place in the task of its project. */
export function partId({ id }: Pick<Task, 'id'>, index: number): string {
  return `${id}-${index + 1}`;
}

/** Whether an id is one that `partId` makes for a task. */
export function isPartOf(id: string, { id: whole }: Pick<Task, 'id'>): boolean {
  return id.startsWith(`${whole}-`) && /^\d+$/.test(id.slice(whole.length + 1));
}

/** Digests of the chart archives that a task still needs. */
export function neededArchives(order: TaskOrder): string[] {
  const installs = order.kind === 'createProject' ? order.installs.map((one) => one.order) : [order];
  return installs.flatMap((one) => ('origin' in one && one.origin !== null ? [one.origin.digest] : []));
}

/** Whether the state is final. */
export function isFinished(task: Pick<Task, 'state'>): boolean {
  switch (task.state) {
    case 'queued':
    case 'running':
      return false;
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return true;
    default:
      return task.state satisfies never;
  }
}

/** What a cancelled task says of its end; `details` tell what became of the release. */
export function cancellation(by: string | null, details: Record<string, unknown> = {}): NonNullable<Task['error']> {
  return { code: 'CANCELLED', message: `cancelled${by === null ? '' : ` by ${by}`}`, details };
}

/** When a task arrived. */
type Arrival = Pick<Task, 'createdAt' | 'id'>;

/** Order of arrival; ids settle ties so that every replica orders alike. */
export function compareArrival(a: Arrival, b: Arrival): number {
  if (a.createdAt !== b.createdAt) {
    return a.createdAt < b.createdAt ? -1 : 1;
  }
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** The public part of a task: no values of the request, no groups of the caller, no logs. */
export function toTaskInfo(task: Task, waitsFor?: string): TaskInfo {
  const { id, namespace, release, state, attempt, requestId, createdAt, warnings } = task;
  return {
    id,
    operation: task.order.kind,
    namespace,
    release,
    ...(task.project !== undefined && { project: task.project }),
    state,
    attempt,
    caller: task.caller?.user ?? null,
    requestId,
    createdAt,
    ...(task.startedAt !== undefined && { startedAt: task.startedAt }),
    ...(task.finishedAt !== undefined && { finishedAt: task.finishedAt }),
    ...(task.revision !== undefined && { revision: task.revision }),
    ...(waitsFor !== undefined && { waitsFor }),
    ...(task.progress !== undefined && { progress: task.progress }),
    ...(task.error !== undefined && { error: task.error }),
    warnings,
  };
}
