import { gunzipSync } from 'node:zlib';

import { asObject, asString } from '../../../server/domain/json/json-reading.ts';
import { isFinished, isPartOf, type Task } from '../../../server/domain/tasks/task.ts';
import type { KubeObject } from '../../../server/domain/kube/kube-object.ts';
import type { Change } from '../api-server.ts';
import type { Trace } from '../world/trace.ts';

/** The tasks of a run, as observed. */
export interface TaskWrites {
  see(change: Change): void;
  noteCancelled(task: string): void;
  /** Tasks that have not ended, as they were last written. */
  unfinished(): Task[];
  /** A revision of this task was deployed. */
  noteInForce(task: string, revision: string): void;
}

const ENDS = new Set(['succeeded', 'failed', 'cancelled']);
/** Failures that leave open whether the task took effect. */
const UNSURE = new Set(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE']);

/** A task that was interrupted less often is retried; a project ends with the first part that is not. */
const MIN_ATTEMPTS = 3;

/** Checks tasks: each is accepted once, ends once, and its result is true and final. */
export function watchTasks({ note, trace }: { note: (problem: string) => void; trace: Trace }): TaskWrites {
  const inForce = new Map<string, Set<string>>();
  const ends = new Map<string, Task>();
  const accepted = new Map<string, string>();
  /** Unfinished tasks as last written. */
  const open = new Map<string, KubeObject>();

  function seeNew(task: Task): void {
    const { id, requestId } = task;
    const former = accepted.get(requestId);
    // An automatic change is started again after its task was abandoned, because no caller would repeat it.
    const isRepeated = task.unattended !== undefined && ends.get(former ?? '')?.error?.code === 'ENGINE_STOPPED';
    if (former === undefined || isRepeated) accepted.set(requestId, id);
    else if (former !== id && !isPartOf(id, { id: former }))
      note(`request ${requestId} made tasks ${former} and ${id}`);
  }

  function seeEnd(task: Task): void {
    const { id, order, state, error } = task;
    ends.set(id, task);
    open.delete(id);
    trace.note(`task ${id} (${order.kind} ${task.namespace}/${task.release}) ends ${state} ${error?.code ?? ''}`);
    const wasInForce = inForce.has(id);
    if (wasInForce && (state === 'cancelled' || (state === 'failed' && !UNSURE.has(error?.code ?? '')))) {
      note(`task ${id} (${order.kind}) says that it is ${state} (${error?.message}), and was carried out`);
    }
    const isWhole = task.project !== undefined;
    if (state === 'failed' && UNSURE.has(error?.code ?? '') && task.attempt < MIN_ATTEMPTS && !isWhole) {
      note(`task ${id} (${order.kind}) was given up after ${task.attempt} attempts: ${error?.message}`);
    }
    // Of a part that is in force only its end is still to be written.
    const goesOn = (part: string, secret: KubeObject) =>
      taskIn(secret).cancelRequest === undefined && !inForce.has(part);
    const parts = [...open]
      .filter(([other, secret]) => isPartOf(other, task) && goesOn(other, secret))
      .map(([other]) => other);
    if (state === 'cancelled' && parts.length > 0)
      note(`task ${id} is cancelled, and its parts ${parts.join(', ')} go on`);
    if (state === 'succeeded' && isWriting(task) && !wasInForce) {
      note(`task ${id} (${order.kind}) says that it succeeded, and no revision of it was ever in force`);
    }
    if (error?.code === 'INTERNAL') note(`task ${id} (${order.kind}) failed with an unexpected error`);
  }

  return {
    see({ path, before, after }) {
      const id = path.name.replace('walm-task-', '');
      if (after === null) open.delete(id);
      else open.set(id, after);
      const isOver = [before, after].some((secret) => ENDS.has(secret?.metadata.labels?.['walm.io/state'] ?? ''));
      if (before !== null && after !== null && !isOver) return;
      const [was, is] = [before && taskIn(before), after && taskIn(after)];
      if (was === null && is !== null) seeNew(is);
      if (was !== null && isFinished(was) && is !== null && is.state !== was.state) {
        note(`task ${was.id} had ended as ${was.state} and is ${is.state}`);
      }
      if (is !== null && isFinished(is) && (was === null || !isFinished(was))) seeEnd(is);
    },
    unfinished: () => [...open.values()].map(taskIn),
    noteCancelled(id) {
      if (ends.get(id)?.state !== 'cancelled') note(`an answer says that task ${id} is cancelled, and it is not`);
    },
    noteInForce(id, revision) {
      const revisions = inForce.get(id) ?? new Set();
      inForce.set(id, revisions.add(revision));
      if (revisions.size > 1) note(`task ${id} was carried out ${revisions.size} times: ${[...revisions].join(', ')}`);
      const { state, error } = ends.get(id) ?? {};
      if (state === 'cancelled' || (state === 'failed' && !UNSURE.has(error?.code ?? ''))) {
        note(`task ${id} had ended as ${state} (${error?.message}), and ${revision} of it is in force`);
      }
    },
  };
}

function isWriting({ order }: Task): boolean {
  return order.kind === 'install' || order.kind === 'upgrade' || order.kind === 'rollback';
}

function taskIn(secret: { data?: unknown }): Task {
  const packed = Buffer.from(asString(asObject(secret.data as never)['task']), 'base64');
  return JSON.parse(gunzipSync(packed).toString()) as Task;
}
