import type { JsonValue } from '../../../contract/schemas/json.ts';
import type { StoredTask, TaskStore } from '../../ports/storage/task-store.ts';
import type { ChangeTerms } from './release-mutation.ts';
import { identify, repeated } from './task-identity.ts';

/** A change as its caller asked for it. */
export type Asked = { namespace: string; release: string; asked: JsonValue; options: ChangeTerms };

/**
 * Finds the task that an earlier request with the same Idempotency-Key made; null when this is the first one. It
 * comes before everything else: what the first one did would make its repetition fail.
 * @throws ProblemError IDEMPOTENCY_KEY_REUSED when the key came with another request
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
