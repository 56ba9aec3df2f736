import { BulkAction, type bulkOperations, type BulkResult } from '../../../contract/operations/bulk-operations.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { BulkInput } from '../../services/releases/accept/bulk-change.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions } from './mutation-reply.ts';

/** The use cases of bulk operations. */
export interface BulkServices {
  readonly changeReleases: (input: BulkInput, signal: AbortSignal) => Promise<BulkResult>;
}

/** The handlers of bulk operations. */
export function createBulkHandlers({ changeReleases }: BulkServices): HandlersOf<keyof typeof bulkOperations> {
  return {
    changeReleases: async (call) => {
      const { namespace, labelselector, limit, dryrun, mode, deletePvcs, force } = call.query;
      const action = actionOf(call.path.action);
      const options = mutationOptions(call);
      const filter = { namespace, selector: labelselector, limit, visible: call.visible };
      const body = await changeReleases({ action, ...filter, dryrun, mode, deletePvcs, force, options }, call.signal);
      const goesOn = body.items.some(({ outcome }) => outcome === 'accepted');
      return { status: goesOn ? 202 : 200, body };
    },
  };
}

function actionOf(text: string): BulkAction {
  const action = BulkAction.anyOf.map((known) => known.const).find((known) => known === text);
  if (action === undefined) {
    throw problem('QUERY_INVALID', `there is no action ${text}`, { parameter: 'action' });
  }
  return action;
}
