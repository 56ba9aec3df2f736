import type { RestartMode } from '../../../../contract/schemas/restart-mode.ts';
import type { AcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

/** Which release to restart, and how. */
export interface RestartInput extends ChangeInput {
  readonly mode: RestartMode;
}

/** Accepts a restart. Throws RELEASE_NOT_FOUND, RELEASE_PAUSED, and the problem that the task fails with. */
export type RestartRelease = (restartInput: RestartInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRestartRelease({ acceptChange }: { acceptChange: AcceptChange }): RestartRelease {
  return function restartRelease({ mode, ...input }, signal) {
    return acceptChange({ ...input, order: { kind: 'restart', mode }, writes: false }, signal);
  };
}
