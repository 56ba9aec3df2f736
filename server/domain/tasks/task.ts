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

/** What an accepted install or upgrade needs after a restart. */
type ApplyOrder = {
  /** As sent, including secret values: a task is stored as a Secret and shown only as `TaskInfo`. */
  request: ReleaseRequest;
  /** Create a missing namespace, and remove it again if the install fails. */
  createNamespace: boolean;
  crds: 'create' | 'apply' | 'skip';
  /** Wait until the dependencies are ready (decision 39: which outputs a dependent gets). */
  waitReady: boolean;
  /** Accept dependencies that do not exist. */
  allowMissing: boolean;
  /** Absent for a release that belongs to no project. */
  membership?: { project: string; commonValues: JsonObject };
  /** The task ends when the release is ready. */
  wait?: boolean;
  /** Take over fields that another manager owns. */
  forceConflicts?: boolean;
  /** Upgrade the release if it exists, otherwise install it, whatever was the case when the request arrived. */
  upsert?: boolean;
  /** Recreate objects whose immutable fields change. */
  recreate?: 'orphan' | 'delete';
  /** Run none of the chart's hooks. */
  disableHooks?: boolean;
  /**
   * The request is all that the release is to be: what it does not name goes back to the chart. It is a member of the project
   * by then, or `adopted`: or in no project.
   */
  complete?: 'adopted' | 'member';
  /** The cause, unless a caller requested it; at most 256 characters. */
  cause?: string;
};

/** `origin` is the chart as resolved when the request arrived. */
export type InstallOrder = ApplyOrder & { kind: 'install'; origin: ChartOrigin };

/** `origin` null: the request names no chart, and the release keeps its own. */
export type UpgradeOrder = ApplyOrder & { kind: 'upgrade'; origin: ChartOrigin | null };

/** What an accepted delete needs after a restart. */
export type DeleteOrder = {
  kind: 'delete';
  deletePvcs: boolean;
  /** A release that is gone when the task starts is not a failure. */
  ignoreNotFound: boolean;
  /** Keep the revisions and their archives. */
  keepHistory?: boolean;
  /** Run none of the chart's hooks. */
  disableHooks?: boolean;
  /** Claims to delete after the release, found in its revisions while those still existed (decision 37: deletePvcs). */
  claims?: string[];
  /** Archives of its revisions; present once the release was observed. */
  digests?: string[];
};

/** What an accepted restart needs after a restart of Walm. */
export type RestartOrder = {
  kind: 'restart';
  mode: RestartMode;
  /** Present once it has started, so that restarting does not change what is to be restarted. */
  plan?: RestartPlan;
};

/** What an accepted pause or recovery needs: only the release, and the reason if it is automatic. */
export type PauseOrder = { kind: 'pause'; reason?: string };
export type RecoverOrder = {
  kind: 'recover';
  /** Workloads that others had scaled before the pause, to be scaled like that again; present once it has started. */
  scales?: PauseState['live'];
};

/**
 * What an accepted adoption (decision 5: changes made outside Walm) or detachment (decision 11: detach) needs: only the
 * release.
 */
export type AdoptOrder = { kind: 'adopt' };
export type DetachOrder = { kind: 'detach' };

/** What an accepted rollback needs: revision 0 is the previously applied one. */
export type RollbackOrder = { kind: 'rollback'; revision: number; disableHooks?: boolean };

/** What an accepted run of test hooks needs: their names, or all if there are none. */
export type TestOrder = { kind: 'test'; names?: string[] };

/** Holds a failed rollout (decision 35: `onFailure`), and why. */
export type HoldOrder = { kind: 'hold'; reason: string };

/** The install of one release of a project, after its dependencies. */
export type ProjectInstall = { release: string; after: string[]; order: InstallOrder };

/** What an accepted project needs after a restart. */
export type CreateProjectOrder = { kind: 'createProject'; installs: ProjectInstall[] };

/** A change of one release of a project, after those of the releases that it names. */
export type MemberChange = { release: string; after: string[]; order: InstallOrder | UpgradeOrder | DeleteOrder };

/** What an accepted change of some releases of a project needs after a restart. */
export type ChangeProjectOrder = { kind: 'changeProject'; steps: MemberChange[] };

/** A step of an applied project, and the applied revision that it was planned from: 0 if the release was not there. */
export type PlannedChange = MemberChange & { seen: number };

/** What becomes of the steps that are done when a later one fails. */
export type ProjectFailure = 'rollback' | 'stop';

/** What an accepted desired state of a project needs after a restart. */
export type ApplyProjectOrder = {
  kind: 'applyProject';
  steps: PlannedChange[];
  onFailure: ProjectFailure;
  /** Refuse to change a release that has another revision than the one seen. */
  guarded: boolean;
};

/** A change of a running release of a project, after those of the releases that it names. */
export type LifecycleStep = { release: string; after: string[]; order: PauseOrder | RecoverOrder | RestartOrder };

/** What an accepted pause, recovery or restart of a project needs after a restart of Walm. */
export type ProjectLifecycleOrder = {
  kind: 'pauseProject' | 'recoverProject' | 'restartProject';
  steps: LifecycleStep[];
};

/** The deletion of one release of a project, after its dependents. */
export type ProjectRemoval = { release: string; after: string[] };

/** What an accepted deletion of a project needs after a restart. */
export type DeleteProjectOrder = {
  kind: 'deleteProject';
  deletePvcs: boolean;
  /** Keep the revisions of its releases. */
  keepHistory?: true;
  /** Present once it has started. */
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
  | ChangeProjectOrder
  | ApplyProjectOrder
  | ProjectLifecycleOrder
  | DeleteProjectOrder;

export type OrderKind = TaskOrder['kind'];
export type OrderOf<Kind extends OrderKind> = Kind extends ProjectLifecycleOrder['kind']
  ? ProjectLifecycleOrder & { kind: Kind }
  : Extract<TaskOrder, { kind: Kind }>;

/**
 * One accepted change of one release (decision 26: tasks are durable). After any crash the task is finished, resumed or
 * visibly failed, because its effect is observed in Helm's records and never remembered here.
 */
export type Task<Order extends TaskOrder = TaskOrder> = {
  /** Lower-case letters, digits and dashes. */
  id: string;
  namespace: string;
  /** `""` for a task that changes a whole project. */
  release: string;
  /** Present if the task changes a whole project. */
  project?: string;
  state: TaskState;
  /** Number of times it was started. */
  attempt: number;
  caller: Caller | null;
  /**
   * An automatic change: Walm impersonates `caller`, who made the release as it is (at `since`, RFC 3339), and uses
   * sealed revisions only.
   */
  unattended?: { since: string };
  requestId: string;
  /** RFC 3339, UTC, as the other times. */
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** The Helm revision that the task writes, or removes; present once it has started. */
  revision?: number;
  progress?: TaskProgress;
  error?: { code: string; message: string; details: Record<string, unknown> };
  warnings: Warning[];
  /** Test results, once a test has ended. */
  tests?: ReleaseTests;
  order: Order;
  /** Refuse unless this is the release's newest revision when the task starts. */
  expectedRevision?: number;
  /** A caller requested its cancellation; null is Walm's own identity. The replica that runs the task stops it. */
  cancelRequest?: { by: string | null };
  /** Unlock the release at once from an unfinished operation of another client. */
  force?: boolean;
  /** Helm's timeout for hooks and waits, in milliseconds, if the request set one. */
  operationTimeoutMs?: number;
  /** Digest of the request that came with an Idempotency-Key: distinguishes a repetition from another request. */
  fingerprint?: string;
};

/** Whether the task is automatic: Walm created it because the outputs of a provider changed. */
export function isFollowing({ order }: Pick<Task, 'order'>): boolean {
  return order.kind === 'upgrade' && order.cause !== undefined;
}

/** What a task changes: a release, or a project. Tasks with the same key run one after the other. */
export function taskKey({ namespace, release, project }: Pick<Task, 'namespace' | 'release' | 'project'>): ReleaseKey {
  return project === undefined ? releaseKey(namespace, release) : projectKey(namespace, project);
}

/** The key of a project among tasks; no release can have it. */
export function projectKey(namespace: string, project: string): ReleaseKey {
  return releaseKey(namespace, `project:${project}`);
}

/** Id of the task of one release, by its position in the task of its project. */
export function partId({ id }: Pick<Task, 'id'>, index: number): string {
  return `${id}-${index + 1}`;
}

/** Whether an id is one that `partId` returns for a task. */
export function isPartOf(id: string, { id: whole }: Pick<Task, 'id'>): boolean {
  return id.startsWith(`${whole}-`) && /^\d+$/.test(id.slice(whole.length + 1));
}

/** Digests of the chart archives that a task still needs. */
export function neededArchives(order: TaskOrder): string[] {
  return stepsOf(order).flatMap((one) => ('origin' in one && one.origin !== null ? [one.origin.digest] : []));
}

/** The orders of the releases of a project, or the order of a release itself. */
export function stepsOf(order: TaskOrder): readonly TaskOrder[] {
  switch (order.kind) {
    case 'createProject':
      return order.installs.map((one) => one.order);
    case 'changeProject':
    case 'applyProject':
    case 'pauseProject':
    case 'recoverProject':
    case 'restartProject':
      return order.steps.map((one) => one.order);
    default:
      return [order];
  }
}

/**
 * The task that an answer about a release shows, of all of its tasks in order of arrival: the newest unfinished one, else
 * the newest. One that waited behind another change and was cancelled says nothing of what happens.
 */
export function shownTaskOf(tasks: readonly Task[]): Task | undefined {
  return tasks.findLast((task) => !isFinished(task)) ?? tasks.at(-1);
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

/** The error of a cancelled task; `details` say what happened to the release. */
export function cancellation(by: string | null, details: Record<string, unknown> = {}): NonNullable<Task['error']> {
  return { code: 'CANCELLED', message: `cancelled${by === null ? '' : ` by ${by}`}`, details };
}

/** When a task arrived. */
type Arrival = Pick<Task, 'createdAt' | 'id'>;

/** Order of arrival; ties are broken by id, so that every replica sorts alike. */
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
