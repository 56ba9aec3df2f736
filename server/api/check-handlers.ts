import type { ReleaseDrift, ReleaseTests } from '../../contract/release-check.ts';
import type { RevisionReading } from '../services/history/read-revision.ts';
import type { TestChoice } from '../services/history/run-tests.ts';
import type { HandlersOf } from './handler.ts';

/** What the operations that check a release ask for. */
export interface CheckServices {
  readonly showDrift: (reading: RevisionReading, signal: AbortSignal) => Promise<ReleaseDrift>;
  readonly runTests: (reading: RevisionReading, choice: TestChoice, signal: AbortSignal) => Promise<ReleaseTests>;
}

/** The handlers of the operations that check a release. */
export function createCheckHandlers({ showDrift, runTests }: CheckServices): HandlersOf<'showDrift' | 'runTests'> {
  return {
    showDrift: async ({ path, caller, requestId, signal }) => ({
      status: 200,
      body: await showDrift({ ...path, caller, requestId }, signal),
    }),
    runTests: async ({ path, query, caller, requestId, signal }) => {
      const names = query.name?.split(',').filter((name) => name !== '');
      const choice = { timeoutSec: query.timeoutSec, ...(names !== undefined && { names }) };
      return { status: 200, body: await runTests({ ...path, caller, requestId }, choice, signal) };
    },
  };
}
