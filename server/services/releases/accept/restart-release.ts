import type { RestartMode } from '../../../../contract/schemas/restart-mode.ts';
import type { createAcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

/** Which release to restart, and how. */
export interface RestartInput extends ChangeInput {
  readonly mode: RestartMode;
}

/** Accepts a restart. Throws RELEASE_NOT_FOUND, RELEASE_PAUSED, and what the task fails with. */
export function createRestartRelease({ acceptChange }: { acceptChange: ReturnType<typeof createAcceptChange> }) {
  return ({ mode, ...input }: RestartInput, signal: AbortSignal): Promise<MutationOutcome> =>
    acceptChange({ ...input, order: { kind: 'restart', mode }, writes: false }, signal);
}
