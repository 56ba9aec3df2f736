import { createHash } from 'node:crypto';
import type { JsonValue } from '../../../contract/schemas/json.ts';
import { samePersonKey } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { sortedJson } from '../../domain/json/sorted-json.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { StoredTask } from '../../ports/storage/task-store.ts';
import type { ChangeTerms } from './release-mutation.ts';

/** The parts that identify a request. */
type Identified = {
  namespace: string;
  release: string;
  asked: JsonValue;
  options: Pick<ChangeTerms, 'caller' | 'idempotencyKey'>;
};

/** Two requests with the same key by the same caller get the same id, so that only one task can be created. */
export function identify(
  { namespace, release, asked, options }: Identified,
  newId: () => string,
): Pick<Task, 'id' | 'fingerprint'> {
  const { idempotencyKey, caller } = options;
  if (idempotencyKey === undefined) {
    return { id: newId() };
  }
  const digest = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return {
    id: digest(caller === null ? '' : samePersonKey(caller), namespace, idempotencyKey).slice(0, 32),
    fingerprint: digest(release, sortedJson(JSON.parse(JSON.stringify(asked)) as JsonValue)),
  };
}

/**
 * The task that the first request created.
 * @throws ProblemError IDEMPOTENCY_KEY_REUSED if that was a different request
 */
export function repeated(task: Pick<Task, 'id' | 'namespace' | 'fingerprint'>, first: StoredTask | null): StoredTask {
  if (first === null || first.task.fingerprint !== task.fingerprint) {
    throw problem(
      'IDEMPOTENCY_KEY_REUSED',
      `the Idempotency-Key was used before, for another request in namespace ${task.namespace}`,
      { task: task.id },
    );
  }
  return first;
}
