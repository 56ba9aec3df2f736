import type { Cluster } from '../adapters/cluster.ts';
import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Revisions } from './revisions.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { type AcceptChange, createAcceptChange } from '../../services/releases/accept/accept-change.ts';
import {
  type AdoptRelease,
  createAdoptRelease,
  createDetachRelease,
  type DetachRelease,
} from '../../services/releases/accept/adopt-release.ts';
import { createApplyRelease } from '../../services/releases/accept/apply-release.ts';
import { type BulkChange, createBulkChange } from '../../services/releases/accept/bulk-change.ts';
import { createDeleteRelease, type DeleteRelease } from '../../services/releases/accept/delete-release.ts';
import { createValidateRequest } from '../../services/releases/accept/validate-request.ts';
import {
  createPauseRelease,
  createRecoverRelease,
  type PauseRelease,
  type RecoverRelease,
} from '../../services/releases/accept/pause-release.ts';
import { createRestartRelease, type RestartRelease } from '../../services/releases/accept/restart-release.ts';
import { createRollbackRelease, type RollbackRelease } from '../../services/releases/accept/rollback-release.ts';
import { createTestRelease, type TestRelease } from '../../services/releases/accept/test-release.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import { createFindRepeated } from '../../services/tasks/find-repeated.ts';
import type { ApplyInput, MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';

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
  readonly restartRelease: RestartRelease;
  readonly rollbackRelease: RollbackRelease;
  readonly testRelease: TestRelease;
  readonly upgradeRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
}

export interface AcceptingDeps {
  readonly authorization: Authorization;
  readonly awaitOutcome: AwaitOutcome;
  readonly cache: ReleaseCache;
  readonly charts: Charts;
  readonly clock: Pick<Clock, 'now'>;
  readonly cluster: Pick<Cluster, 'namespaces' | 'tasks'>;
  readonly dependencies: Dependencies;
  readonly engine: HelmEngine;
  readonly revisions: Revisions;
  readonly submitTask: SubmitTask;
  readonly memoryUnit: MemoryUnit;
  readonly systemNamespace: string;
  readonly isOriginal: boolean;
}

export function createAccepting(deps: AcceptingDeps): Accepting {
  const { authorization, awaitOutcome, cache, charts, clock, cluster, dependencies, engine, revisions, submitTask } =
    deps;
  const { observeRelease } = revisions;
  const store = cluster.tasks;
  const acceptChange = createAcceptChange({ observeRelease, cache, store, clock, submitTask, awaitOutcome });
  const applyRelease = createApplyRelease({
    resolveChart: charts.resolveChart,
    namespaces: cluster.namespaces,
    authorization,
    observeRelease,
    validateRequest: createValidateRequest({
      engine,
      chartFacts: charts.chartFacts,
      findManaged: revisions.findManaged,
      store,
      mergeUpgrade: revisions.mergeUpgrade,
      injectDependencies: dependencies.injectDependencies,
      ignoreUnknownPlugins: deps.isOriginal,
    }),
    keepArchive: charts.keepArchive,
    stagingNamespace: deps.systemNamespace,
    store,
    clock,
    findRepeated: createFindRepeated({ store }),
    submitTask,
    memoryUnit: deps.memoryUnit,
    awaitOutcome,
  });
  const adoptRelease = createAdoptRelease({ acceptChange });
  const deleteRelease = createDeleteRelease({ acceptChange, refuseDependents: dependencies.refuseDependents });
  const pauseRelease = createPauseRelease({ acceptChange, cache });
  const recoverRelease = createRecoverRelease({ acceptChange });
  const restartRelease = createRestartRelease({ acceptChange });
  return {
    acceptChange,
    adoptRelease,
    changeReleases: createBulkChange({
      cache,
      authorization,
      refuseDependents: dependencies.refuseDependents,
      adoptRelease,
      pauseRelease,
      recoverRelease,
      restartRelease,
      deleteRelease,
    }),
    deleteRelease,
    detachRelease: createDetachRelease({ acceptChange }),
    installRelease: (input, signal) => applyRelease('install', input, signal),
    pauseRelease,
    recoverRelease,
    restartRelease,
    rollbackRelease: createRollbackRelease({ acceptChange }),
    testRelease: createTestRelease({ acceptChange, cache }),
    upgradeRelease: (input, signal) => applyRelease('upgrade', input, signal),
  };
}
