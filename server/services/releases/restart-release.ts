import type { RestartMode } from '../../../contract/lifecycle-operations.ts';
import type { createAcceptChange } from './accept-change.ts';
import type { MutationOptions, MutationOutcome } from './release-mutation.ts';

/** Which release to restart, and how. */
export interface RestartInput {
  readonly namespace: string;
  readonly release: string;
  readonly mode: RestartMode;
  readonly options: MutationOptions;
}

/** Accepts a restart. Throws RELEASE_NOT_FOUND, RELEASE_PAUSED, and what the task fails with. */
export function createRestartRelease({ acceptChange }: { acceptChange: ReturnType<typeof createAcceptChange> }) {
  return ({ mode, ...input }: RestartInput, signal: AbortSignal): Promise<MutationOutcome> =>
    acceptChange({ ...input, order: { kind: 'restart', mode }, writes: false }, signal);
}
