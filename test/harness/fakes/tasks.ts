import type { Task } from '../../../server/domain/tasks/task.ts';

/** A delete of `shop/web` that is queued, with what else is given. */
export function taskWith(given: Partial<Task> = {}): Task {
  return {
    id: 'a',
    operation: 'delete',
    namespace: 'shop',
    release: 'web',
    state: 'queued',
    attempt: 0,
    caller: null,
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind: 'delete', deletePvcs: false, ignoreNotFound: false },
    ...given,
  };
}
