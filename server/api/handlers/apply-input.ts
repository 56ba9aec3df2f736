import type { Operations } from '../../../contract/operations/operations.ts';
import type { ApplyInput } from '../../services/tasks/release-mutation.ts';
import type { Call } from './handler.ts';
import { mutationOptions } from './mutation-reply.ts';

export type InstallCall = Call<Operations['installRelease']> | Call<Operations['installReleaseWithChart']>;
export type UpgradeCall =
  | Call<Operations['upgradeMember']>
  | Call<Operations['upgradeRelease']>
  | Call<Operations['upgradeReleaseWithChart']>;

/** An install as its use case takes it. */
export function applyInput(call: InstallCall | UpgradeCall): ApplyInput {
  const { createNamespace, crds, waitReady, allowMissing, wait, forceConflicts, upsert } = call.query;
  return {
    namespace: call.path.namespace,
    request: call.body,
    ...(call.archive && { archive: call.archive }),
    createNamespace,
    crds,
    waitReady,
    allowMissing,
    wait,
    forceConflicts,
    upsert,
    options: mutationOptions(call),
  };
}

/** An upgrade as its use case takes it. */
export function upgradeInput(call: UpgradeCall): ApplyInput {
  const { resetValues, recreate, hooks } = call.query;
  const input = applyInput(call);
  const request = { ...input.request, ...(resetValues && { resetValues }) };
  return { ...input, request, hooks, ...(recreate !== 'none' && { recreate }) };
}
