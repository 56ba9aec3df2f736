import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';
import { type Task, type TaskOperation, toTaskInfo } from '../tasks/task.ts';

/** A task as the original Walm stored it. `arg` is JSON with its names, without the request's values. */
export type TaskSignature = { uuid: string; name: string; arg: string; timeout_sec: number };

/** Walm's own part: the task as the API shows it, without its progress. */
type WalmFields = { task: Omit<TaskInfo, 'progress'> | null };

/** A field of the hash `walm-release-tasks`: the latest task of a release, null if none is known any more. */
export type SharedReleaseTask = {
  name: string;
  namespace: string;
  latestReleaseTaskSignature: TaskSignature | null;
  walm: WalmFields;
};

/** A field of the hash `walm-project-tasks`. */
export type SharedProjectTask = {
  name: string;
  namespace: string;
  latestTaskSignature: TaskSignature | null;
  latestTaskTimeoutSec: number;
  walm: WalmFields;
};

/** The original's timeouts for a task whose request has none, in seconds. */
const RELEASE_TIMEOUT_SEC = 300;
const PROJECT_TIMEOUT_SEC = 600;

/** The original's names; operations that it did not have are named alike. */
const TASK_NAMES = {
  install: 'Create-Release-Task',
  upgrade: 'Create-Release-Task',
  delete: 'Delete-Release-Task',
  restart: 'Restart-Release-Task',
  pause: 'Pause-Release-Task',
  recover: 'Recover-Release-Task',
  adopt: 'Adopt-Release-Task',
  detach: 'Detach-Release-Task',
  rollback: 'Rollback-Release-Task',
  hold: 'Hold-Release-Task',
  test: 'Test-Release-Task',
  createProject: 'Create-Project-Task',
  changeProject: 'Change-Project-Task',
  applyProject: 'Apply-Project-Task',
  pauseProject: 'Pause-Project-Task',
  recoverProject: 'Recover-Project-Task',
  restartProject: 'Restart-Project-Task',
  deleteProject: 'Delete-Project-Task',
} as const satisfies Record<TaskOperation, string>;

/** The copy of a release's latest task. */
export function sharedReleaseTask(key: ReleaseKey, task: Task | undefined): SharedReleaseTask {
  return {
    ...parseReleaseKey(key),
    latestReleaseTaskSignature: task === undefined ? null : signatureOf(task),
    walm: fieldsOf(task),
  };
}

/** The copy of a project's latest task; `key` is `namespace/project`. */
export function sharedProjectTask(key: string, task: Task | undefined): SharedProjectTask {
  return {
    ...parseReleaseKey(key),
    latestTaskSignature: task === undefined ? null : signatureOf(task),
    latestTaskTimeoutSec: task === undefined ? 0 : timeoutOf(task),
    walm: fieldsOf(task),
  };
}

function signatureOf(task: Task): TaskSignature {
  return {
    uuid: task.id,
    name: TASK_NAMES[task.order.kind],
    arg: JSON.stringify(argumentOf(task)),
    timeout_sec: timeoutOf(task),
  };
}

/** Go field names, as the original serialised the work of a worker; never the values of the request. */
function argumentOf({ namespace, release, project, order }: Task) {
  if (project !== undefined) {
    return { Namespace: namespace, Name: project };
  }
  switch (order.kind) {
    case 'install':
    case 'upgrade':
      return { Namespace: namespace, ReleaseRequest: { name: release }, ChartFiles: null, Paused: false };
    case 'delete':
      return { Namespace: namespace, ReleaseName: release, DeletePvcs: order.deletePvcs };
    default:
      return { Namespace: namespace, ReleaseName: release };
  }
}

function timeoutOf({ operationTimeoutMs, project }: Task): number {
  return operationTimeoutMs === undefined
    ? project === undefined
      ? RELEASE_TIMEOUT_SEC
      : PROJECT_TIMEOUT_SEC
    : Math.ceil(operationTimeoutMs / 1000);
}

function fieldsOf(task: Task | undefined): WalmFields {
  if (task === undefined) {
    return { task: null };
  }
  const { progress: _progress, ...info } = toTaskInfo(task);
  return { task: info };
}
