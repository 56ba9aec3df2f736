import type { JsonValue } from '../../../contract/schemas/json.ts';
import type { StoredTask, TaskStore } from '../../ports/storage/task-store.ts';
import type { ChangeTerms } from './release-mutation.ts';
import { identify, repeated } from './task-identity.ts';

/** A change as its caller requested it. */
export type Asked = { namespace: string; release: string; asked: JsonValue; options: ChangeTerms };

/**
 * Finds the task that an earlier request with the same Idempotency-Key created; null for the first request. Call it
 * before any other check: the effect of the first request would make its repetition fail.
 * @throws ProblemError IDEMPOTENCY_KEY_REUSED if the key came with a different request
 */
export type FindRepeated = (asked: Asked) => Promise<StoredTask | null>;

export function createFindRepeated({ store }: { store: Pick<TaskStore, 'find'> }): FindRepeated {
  return async function findRepeated({ namespace, release, asked, options }) {
    if (options.idempotencyKey === undefined) {
      return null;
    }
    const { id, fingerprint } = identify({ namespace, release, asked, options }, () => '');
    const first = await store.find(id);
    return first === null ? null : repeated({ id, namespace, ...(fingerprint && { fingerprint }) }, first);
  };
}
