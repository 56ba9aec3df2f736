import type { MutationOutcome } from '../services/releases/release-mutation.ts';
import type { RollbackInput } from '../services/releases/rollback-release.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

/** What rolling back asks for. */
export interface RollbackServices {
  readonly rollbackRelease: (input: RollbackInput, signal: AbortSignal) => Promise<MutationOutcome>;
}

/** The handler of rolling back. */
export function createRollbackHandlers({ rollbackRelease }: RollbackServices): HandlersOf<'rollback'> {
  return {
    rollback: async (call) => {
      const input = { ...call.path, revision: call.query.revision, options: mutationOptions(call) };
      return mutationReply(await rollbackRelease(input, call.signal), call.warnings);
    },
  };
}
