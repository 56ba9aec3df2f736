import type { Task } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';

/**
 * A queued task that Walm creates as a consequence of something else: a part of a project task, or a changed provider.
 */
export function derivedTask(
  clock: Clock,
  task: Pick<
    Task,
    | 'id'
    | 'namespace'
    | 'release'
    | 'order'
    | 'caller'
    | 'requestId'
    | 'unattended'
    | 'force'
    | 'operationTimeoutMs'
    | 'expectedRevision'
  >,
): Task {
  return {
    ...task,
    state: 'queued',
    attempt: 0,
    createdAt: timestamp(clock),
    warnings: [],
  };
}
