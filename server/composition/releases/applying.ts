import type { Charts } from './charts.ts';
import type { Dependencies } from './dependencies.ts';
import type { Revisions } from './revisions.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { AwaitOutcome } from '../../services/tasks/await-outcome.ts';
import type { SubmitTask } from '../../services/tasks/submit-task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Cluster } from '../adapters/cluster.ts';
import { type ApplyRelease, createApplyRelease } from '../../services/releases/accept/apply-release.ts';
import { createValidateRequest } from '../../services/releases/accept/validate-request.ts';
import { createFindRepeated } from '../../services/tasks/find-repeated.ts';

/** What accepting changes needs from the rest of the server, whatever they are. */
export interface ApplyingDeps {
  readonly authorization: Authorization;
  readonly awaitOutcome: AwaitOutcome;
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

/** Accepts installs and upgrades. */
export function createApplying(deps: ApplyingDeps): ApplyRelease {
  const { authorization, awaitOutcome, charts, clock, cluster, dependencies, engine, revisions, submitTask } = deps;
  const store = cluster.tasks;
  return createApplyRelease({
    resolveChart: charts.resolveChart,
    namespaces: cluster.namespaces,
    authorization,
    observeRelease: revisions.observeRelease,
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
}
