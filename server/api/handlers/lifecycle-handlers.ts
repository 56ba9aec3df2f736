import type { ChangePreview } from '../../../contract/operations/parts/change-preview.ts';
import type { lifecycleOperations } from '../../../contract/operations/lifecycle-operations.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import type { ChangeInput, MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { RestartInput } from '../../services/releases/accept/restart-release.ts';
import type { Call, HandlersOf } from './handler.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';

type Accept<Input> = (input: Input, signal: AbortSignal) => Promise<MutationOutcome>;
type Preview = (input: ChangeInput, signal: AbortSignal) => Promise<ChangePreview>;

/** The use cases that operate running releases. */
export interface LifecycleServices {
  readonly pauseRelease: Accept<ChangeInput>;
  readonly previewPause: Preview;
  readonly recoverRelease: Accept<ChangeInput>;
  readonly restartRelease: Accept<RestartInput>;
  readonly adoptRelease: Accept<ChangeInput>;
  readonly detachRelease: Accept<ChangeInput>;
  readonly previewDetach: Preview;
}

/** The handlers of operations on running releases. */
export function createLifecycleHandlers(services: LifecycleServices): HandlersOf<keyof typeof lifecycleOperations> {
  const change = (accept: Accept<ChangeInput>) => async (call: Call<Operations['recoverRelease']>) =>
    mutationReply(await accept({ ...call.path, options: mutationOptions(call) }, call.signal), call.warnings);

  return {
    pauseRelease: async (call) => {
      const input = { ...call.path, options: mutationOptions(call) };
      if (call.query.dryrun) {
        return { status: 200, body: await services.previewPause(input, call.signal) };
      }
      const outcome = await services.pauseRelease(input, call.signal);
      const notPaused = [...(outcome.notPaused ?? [])];
      const reply = mutationReply(outcome, call.warnings);
      if (reply.status === 202) {
        return reply;
      }
      const { body, headers } = reply;
      const isEmpty = body === undefined && notPaused.length === 0;
      return { status: 200, headers, body: isEmpty ? undefined : { warnings: body?.warnings ?? [], notPaused } };
    },
    recoverRelease: change(services.recoverRelease),
    adoptRelease: change(services.adoptRelease),
    detachRelease: async (call) => {
      const input = { ...call.path, options: mutationOptions(call) };
      return call.query.dryrun
        ? { status: 200, body: await services.previewDetach(input, call.signal) }
        : mutationReply(await services.detachRelease(input, call.signal), call.warnings);
    },
    restartRelease: async (call) => {
      const input = { ...call.path, mode: call.query.mode, options: mutationOptions(call) };
      return mutationReply(await services.restartRelease(input, call.signal), call.warnings);
    },
  };
}
