import { BulkAction, type bulkOperations, type BulkResult } from '../../../contract/operations/bulk-operations.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { BulkInput } from '../../services/releases/accept/bulk-change.ts';
import type { Call, HandlersOf } from './handler.ts';
import { mutationOptions } from './mutation-reply.ts';

/** The use cases of bulk operations. */
export interface BulkServices {
  readonly changeReleases: (input: BulkInput, signal: AbortSignal) => Promise<BulkResult>;
}

/** The handlers of bulk operations. */
export function createBulkHandlers({ changeReleases }: BulkServices): HandlersOf<keyof typeof bulkOperations> {
  return {
    changeReleases: async (call) => {
      const { mode, deletePvcs, force } = call.query;
      const input = { ...inputOf(call), action: actionOf(call.path.action), mode, deletePvcs, force };
      return replyOf(await changeReleases(input, call.signal));
    },
    upgradeReleases: async (call) => {
      const { chartVersion } = call.query;
      const own = { action: 'upgrade', chartVersion, mode: 'auto', deletePvcs: false, force: false } as const;
      return replyOf(await changeReleases({ ...inputOf(call), ...own }, call.signal));
    },
  };
}

function inputOf(call: Call<Operations['changeReleases']> | Call<Operations['upgradeReleases']>) {
  const { namespace, labelselector: selector, releases, limit, dryrun } = call.query;
  return { namespace, selector, releases, limit, dryrun, visible: call.visible, options: mutationOptions(call) };
}

function replyOf(body: BulkResult) {
  const goesOn = body.items.some(({ outcome }) => outcome === 'accepted');
  return { status: goesOn ? 202 : 200, body } as const;
}

function actionOf(text: string): BulkAction {
  const action = BulkAction.anyOf.map((known) => known.const).find((known) => known === text);
  if (action === undefined) {
    throw problem('QUERY_INVALID', `there is no action ${text}`, { parameter: 'action' });
  }
  return action;
}
