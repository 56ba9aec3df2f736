import { projectKey } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { MutationOptions } from '../tasks/release-mutation.ts';

/**
 * Whether a request cannot be refused by what the cache shows of the project: unfinished tasks may change that before the
 * turn of the request, and a repeated request has perhaps changed it already.
 */
export function isUndecided(
  store: Pick<TaskStore, 'unfinishedOf'>,
  namespace: string,
  project: string,
  { idempotencyKey }: Pick<MutationOptions, 'idempotencyKey'>,
): boolean {
  return idempotencyKey !== undefined || store.unfinishedOf(projectKey(namespace, project)).length > 0;
}
