import { type TSchema, Type } from 'typebox';
import { readCaller } from '../access/caller.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject, asString } from '../json/json-reading.ts';
import { cutName } from '../bounds/cut-name.ts';
import { schemaFaults } from '../fields/schema-faults.ts';
import { type OrderKind, stepsOf, type Task } from './task.ts';

/**
 * The version of the storage format of tasks. Increase it with every change that an earlier Walm would misread; a new
 * kind of order is no such change, because an earlier Walm recognises that it does not know the kind.
 */
const TASK_VERSION = 2;
/** The version of tasks that an earlier Walm reads as they are meant: those without a complete request. */
const FIRST_VERSION = 1;

/** A task, or why it is not valid; `newer`: it is a task of a newer Walm. */
export type ReadTask = { task: Task } | { refused: string; newer: boolean };

const text = Type.String({ minLength: 1 });
const applying = {
  request: Type.Object({}),
  createNamespace: Type.Boolean(),
  crds: Type.Enum(['create', 'apply', 'skip']),
  waitReady: Type.Boolean(),
  allowMissing: Type.Boolean(),
};
const origin = Type.Object({ kind: text, digest: text });
const install = Type.Object({ kind: Type.Literal('install'), ...applying, origin });
const upgrade = Type.Object({
  kind: Type.Literal('upgrade'),
  ...applying,
  origin: Type.Union([origin, Type.Null()]),
});
const remove = Type.Object({
  kind: Type.Literal('delete'),
  deletePvcs: Type.Boolean(),
  ignoreNotFound: Type.Boolean(),
});

const stepsOfReleases = (more: Record<string, TSchema> = {}) =>
  Type.Array(
    Type.Object({ release: text, after: Type.Array(text), order: Type.Union([install, upgrade, remove]), ...more }),
  );

const lifecycleSteps = Type.Object({
  steps: Type.Array(Type.Object({ release: text, after: Type.Array(text), order: Type.Object({ kind: text }) })),
});

/** The required fields of each kind of order; optional fields are not checked. */
const ORDERS: Record<OrderKind, TSchema> = {
  install,
  upgrade,
  delete: remove,
  restart: Type.Object({ mode: text }),
  pause: Type.Object({}),
  recover: Type.Object({}),
  adopt: Type.Object({}),
  detach: Type.Object({}),
  rollback: Type.Object({ revision: Type.Integer() }),
  hold: Type.Object({ reason: Type.String() }),
  test: Type.Object({}),
  createProject: Type.Object({
    installs: Type.Array(Type.Object({ release: text, after: Type.Array(text), order: install })),
  }),
  changeProject: Type.Object({ steps: stepsOfReleases() }),
  applyProject: Type.Object({
    steps: stepsOfReleases({ seen: Type.Integer({ minimum: 0 }) }),
    onFailure: Type.Enum(['stop', 'rollback']),
    guarded: Type.Boolean(),
  }),
  pauseProject: lifecycleSteps,
  recoverProject: lifecycleSteps,
  restartProject: lifecycleSteps,
  deleteProject: Type.Object({ deletePvcs: Type.Boolean() }),
};

/** The target of a task, a release or a whole project: one of the two is named. */
const Head = Type.Object({
  id: text,
  namespace: text,
  release: Type.String(),
  project: Type.Optional(text),
  state: Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  attempt: Type.Integer({ minimum: 0 }),
  requestId: Type.String(),
  createdAt: text,
  warnings: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
  order: Type.Object({ kind: text }),
});

/** A task in its storage format. */
export function writeTask(task: Task): string {
  const isComplete = stepsOf(task.order).some((order) => 'complete' in order && order.complete !== undefined);
  return JSON.stringify({ v: isComplete ? TASK_VERSION : FIRST_VERSION, ...task });
}

/** Parses the stored form of the task `id`. */
export function readTask(kept: JsonValue, id: string): ReadTask {
  const { v: version = FIRST_VERSION, ...task }: JsonObject = isJsonObject(kept) ? kept : {};
  if (version !== TASK_VERSION && version !== FIRST_VERSION) {
    return newer(`its version of tasks is ${JSON.stringify(version)}`);
  }
  const faults = schemaFaults(Head, task);
  const order = asObject(task['order']);
  const kind = asString(order['kind']);
  if (faults.length === 0 && !Object.hasOwn(ORDERS, kind)) {
    return newer(`the order ${JSON.stringify(kind)} is not known here`);
  }
  const [fault] = faults.length > 0 ? faults : schemaFaults(ORDERS[kind as OrderKind], order);
  if (fault !== undefined) {
    const place = faults.length > 0 ? fault.pointer : `/order${fault.pointer}`;
    return damaged(`${place} ${fault.message}`);
  }
  const caller = readCaller(task['caller']);
  if (task['id'] !== id || caller === undefined || (task['release'] === '' && task['project'] === undefined)) {
    return damaged('it is called otherwise, names no caller, or neither a release nor a project');
  }
  return { task: { ...(task as unknown as Task), caller } };
}

function newer(how: string): ReadTask {
  return { refused: `a newer Walm wrote it: ${cutName(how)}`, newer: true };
}

function damaged(how: string): ReadTask {
  return { refused: `it does not hold a task that can be read: ${how}`, newer: false };
}
