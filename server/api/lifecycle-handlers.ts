import type { lifecycleOperations } from '../../contract/lifecycle-operations.ts';
import type { PauseInput } from '../services/releases/pause-release.ts';
import type { MutationOutcome } from '../services/releases/release-mutation.ts';
import type { RestartInput } from '../services/releases/restart-release.ts';
import type { HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

/** What the operations on running releases ask for. */
export interface LifecycleServices {
  readonly pauseRelease: (input: PauseInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly recoverRelease: (input: PauseInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly restartRelease: (input: RestartInput, signal: AbortSignal) => Promise<MutationOutcome>;
}

/** The handlers of the operations on running releases. */
export function createLifecycleHandlers(services: LifecycleServices): HandlersOf<keyof typeof lifecycleOperations> {
  const { pauseRelease, recoverRelease } = services;
  return {
    pauseRelease: async (call) =>
      mutationReply(await pauseRelease({ ...call.path, options: mutationOptions(call) }, call.signal), call.warnings),
    recoverRelease: async (call) =>
      mutationReply(await recoverRelease({ ...call.path, options: mutationOptions(call) }, call.signal), call.warnings),
    restartRelease: async (call) => {
      const { mode } = call.query;
      const outcome = await services.restartRelease(
        { ...call.path, mode, options: mutationOptions(call) },
        call.signal,
      );
      return mutationReply(outcome, call.warnings);
    },
  };
}
