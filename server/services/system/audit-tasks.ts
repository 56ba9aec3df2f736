import { isFinished, type Task } from '../../domain/tasks/task.ts';
import type { AuditEntry, AuditLog } from '../../ports/runtime/audit-log.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type AuditTasksDeps = {
  store: Pick<TaskStore, 'subscribe'>;
  leadership: Pick<Leadership, 'isLeader'>;
  audit: AuditLog;
  clock: Pick<Clock, 'now'>;
};

/** Writes the end of each task to the audit log from now on, once, on the leader. */
export function auditTasks({ store, leadership, audit, clock }: AuditTasksDeps): void {
  const since = clock.now();
  const written = new Set<string>();
  store.subscribe((task, removed) => {
    if (removed) {
      written.delete(task.id);
    } else if (isFinished(task) && endedAt(task) >= since && !written.has(task.id) && leadership.isLeader()) {
      written.add(task.id);
      audit.write(entryOf(task));
    }
  });
}

function endedAt({ finishedAt }: Task): number {
  return Date.parse(finishedAt ?? '');
}

function entryOf(task: Task): AuditEntry {
  const { id, namespace, release, project, revision, error, requestId } = task;
  const { state } = task;
  return {
    event: 'task',
    who: task.caller?.user ?? null,
    ...(task.caller && { groups: task.caller.groups }),
    what: task.order.kind,
    namespace,
    ...(release !== '' && { release }),
    ...(project !== undefined && { project }),
    task: id,
    result: state === 'succeeded' || state === 'cancelled' ? state : 'failed',
    ...(error !== undefined && { code: error.code }),
    ...(revision !== undefined && { revision }),
    requestId,
    durationMs: endedAt(task) - Date.parse(task.createdAt),
  };
}
