import type { ReleaseDrift } from '../../../contract/schemas/release-check.ts';
import type { RevisionReading } from '../../services/history/read-revision.ts';
import type { MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { TestInput } from '../../services/releases/accept/test-release.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** The use cases that check a release. */
export interface CheckServices {
  readonly showDrift: (reading: RevisionReading, signal: AbortSignal) => Promise<ReleaseDrift>;
  readonly testRelease: (input: TestInput, signal: AbortSignal) => Promise<MutationOutcome>;
}

/** The handlers of operations that check a release. */
export function createCheckHandlers({ showDrift, testRelease }: CheckServices): HandlersOf<'showDrift' | 'runTests'> {
  return {
    showDrift: async ({ path, caller, requestId, signal }) => ({
      status: 200,
      body: await showDrift({ ...path, caller, requestId }, signal),
    }),
    runTests: async (call) => {
      const names = call.query.name?.split(',').filter((name) => name !== '');
      const input = { ...call.path, options: mutationOptions(call), ...(names !== undefined && { names }) };
      const outcome = await testRelease(input, call.signal);
      const reply = mutationReply(outcome, call.warnings);
      if (reply.status === 202) {
        return reply;
      }
      const { tests } = outcome;
      if (tests === undefined) {
        throw new Error(`task ${outcome.task?.id} has tested nothing`);
      }
      const headers = { ...reply.headers, ...warningsHeader(reply.body?.warnings ?? []) };
      return { status: 200, body: tests, headers };
    },
  };
}
