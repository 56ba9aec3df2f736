import type { ChangePreview } from '../../../contract/operations/parts/change-preview.ts';
import type { MutationOutcome, RollbackInput } from '../../services/tasks/release-mutation.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

/** The use cases of rollbacks. */
export interface RollbackServices {
  readonly rollbackRelease: (input: RollbackInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly previewRollback: (input: RollbackInput, signal: AbortSignal) => Promise<ChangePreview>;
}

/** The handlers of rollbacks. */
export function createRollbackHandlers({ rollbackRelease, previewRollback }: RollbackServices): HandlersOf<'rollback'> {
  return {
    rollback: async (call) => {
      const { revision, hooks, dryrun } = call.query;
      const input = { ...call.path, revision, hooks, options: mutationOptions(call) };
      return dryrun
        ? { status: 200, body: await previewRollback(input, call.signal) }
        : mutationReply(await rollbackRelease(input, call.signal), call.warnings);
    },
  };
}
