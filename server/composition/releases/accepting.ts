import { type ApplyingDeps, createApplying } from './applying.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { type AcceptChange, createAcceptChange } from '../../services/releases/accept/accept-change.ts';
import {
  type AdoptRelease,
  createAdoptRelease,
  createDetachRelease,
  type DetachRelease,
} from '../../services/releases/accept/adopt-release.ts';
import { type BulkChange, createBulkChange } from '../../services/releases/accept/bulk-change.ts';
import { createDeleteRelease, type DeleteRelease } from '../../services/releases/accept/delete-release.ts';
import {
  createPauseRelease,
  createRecoverRelease,
  type PauseRelease,
  type RecoverRelease,
} from '../../services/releases/accept/pause-release.ts';
import { createRestartRelease, type RestartRelease } from '../../services/releases/accept/restart-release.ts';
import { createRollbackRelease, type RollbackRelease } from '../../services/releases/accept/rollback-release.ts';
import type { RefuseDependents } from '../../services/dependencies/refuse-dependents.ts';
import { createTestRelease, type TestRelease } from '../../services/releases/accept/test-release.ts';
import type { ApplyInput, MutationOutcome } from '../../services/tasks/release-mutation.ts';

/** Accepts changes of releases, one by one and in bulk. */
export interface Accepting {
  readonly acceptChange: AcceptChange;
  readonly adoptRelease: AdoptRelease;
  readonly changeReleases: BulkChange;
  readonly deleteRelease: DeleteRelease;
  readonly detachRelease: DetachRelease;
  readonly installRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly pauseRelease: PauseRelease;
  readonly recoverRelease: RecoverRelease;
  readonly refuseDependents: RefuseDependents;
  readonly restartRelease: RestartRelease;
  readonly rollbackRelease: RollbackRelease;
  readonly testRelease: TestRelease;
  readonly upgradeRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
}

export interface AcceptingDeps extends ApplyingDeps {
  readonly cache: ReleaseCache;
}

export function createAccepting(deps: AcceptingDeps): Accepting {
  const { authorization, awaitOutcome, cache, charts, clock, cluster, dependencies, engine, revisions } = deps;
  const { submitTask, memoryUnit, systemNamespace, isOriginal } = deps;
  const { observeRelease } = revisions;
  const { refuseDependents } = dependencies;
  const store = cluster.tasks;
  const acceptChange = createAcceptChange({ observeRelease, cache, store, clock, submitTask, awaitOutcome });
  const applyRelease = createApplying({
    authorization,
    awaitOutcome,
    charts,
    clock,
    cluster,
    dependencies,
    engine,
    revisions,
    submitTask,
    memoryUnit,
    systemNamespace,
    isOriginal,
  });
  const adoptRelease = createAdoptRelease({ acceptChange });
  const deleteRelease = createDeleteRelease({ acceptChange, refuseDependents });
  const pauseRelease = createPauseRelease({ acceptChange, cache });
  const recoverRelease = createRecoverRelease({ acceptChange });
  const restartRelease = createRestartRelease({ acceptChange });
  const upgradeRelease: Accepting['upgradeRelease'] = (input, signal) => applyRelease('upgrade', input, signal);
  return {
    acceptChange,
    adoptRelease,
    changeReleases: createBulkChange({
      cache,
      authorization,
      refuseDependents,
      adoptRelease,
      pauseRelease,
      recoverRelease,
      restartRelease,
      deleteRelease,
      upgradeRelease,
    }),
    deleteRelease,
    detachRelease: createDetachRelease({ acceptChange }),
    installRelease: (input, signal) => applyRelease('install', input, signal),
    pauseRelease,
    recoverRelease,
    refuseDependents,
    restartRelease,
    rollbackRelease: createRollbackRelease({ acceptChange }),
    testRelease: createTestRelease({ acceptChange, cache }),
    upgradeRelease,
  };
}
