import { readApplied } from '../../history/read-applied.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { NEW_RELEASE, toEffectiveRequest } from '../../../domain/request/release-request.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import type { Dependent, Injection } from '../../dependencies/inject-dependencies.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { MergeUpgrade, MergedUpgrade } from '../compose/merge-upgrade.ts';
import { resolveRequest } from '../compose/resolve-request.ts';
import { refuseWarnings } from '../compose/refuse-warnings.ts';
import type { ApplyInput } from '../../tasks/release-mutation.ts';
import type { SeenRevision } from '../../../domain/revisions/history.ts';

export type ValidateRequestDeps = {
  engine: Pick<HelmReader, 'getRelease'>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  findManaged: FindManaged;
  store: Pick<TaskStore, 'unfinishedOf'>;
  mergeUpgrade: MergeUpgrade;
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  /** Unknown plugins are silently ignored, like in the original Walm (decision 22: compatibility). */
  ignoreUnknownPlugins: boolean;
};

/** A validated request: its chart, the origin of the chart, and the revision that it would change. */
export type Judged = { chart: ChartFacts; origin: ChartOrigin; warnings: Warning[]; current?: HelmRelease };

/**
 * Validates a request as far as possible before anything is written. Throws the problems of the request and its
 * dependencies, and REQUEST_INVALID if a strict request has warnings.
 */
export interface ValidateRequest {
  install(input: ApplyInput, origin: ChartOrigin, call: EngineCall): Promise<Judged>;
  /**
   * Null if the release no longer exists: then the task reports that. `origin` null keeps the release's chart,
   * `history` was just read.
   */
  upgrade(
    input: ApplyInput,
    known: { name: string; origin: ChartOrigin | null; history: readonly SeenRevision[] },
    call: EngineCall,
  ): Promise<Judged | null>;
}

export function createValidateRequest(deps: ValidateRequestDeps): ValidateRequest {
  async function judge(
    { namespace, options, waitReady, allowMissing }: ApplyInput,
    { effective, chart, former, warnings }: Omit<MergedUpgrade, 'origin'>,
  ): Promise<void> {
    const { name, dependencies } = effective;
    const injection = await deps.injectDependencies({
      namespace,
      name,
      dependencies,
      metainfo: chart.metainfo,
      caller: options.caller,
      allowMissing,
      isComing: (provider) => waitReady && deps.store.unfinishedOf(provider).length > 0,
      ...(former && { former }),
    });
    refuseWarnings([...warnings, ...injection.warnings], options.strict);
  }

  return {
    async install(input, origin, call) {
      const chart = await deps.chartFacts(origin.digest, call);
      const { request, warnings } = resolveRequest(
        input.request,
        { chart, origin },
        { ...NEW_RELEASE, project: input.membership?.project ?? '' },
        deps.ignoreUnknownPlugins,
      );
      const effective = toEffectiveRequest(
        request,
        input.namespace,
        { ...NEW_RELEASE, ...input.membership },
        chart.metainfo?.plugins,
      );
      await judge(input, { effective, chart, former: null, warnings });
      return { chart, origin, warnings };
    },
    async upgrade(input, { name, origin, history }, call) {
      const { namespace, request, membership, options } = input;
      const target = { identity: options.caller, namespace, name };
      const current = await readApplied(deps.engine, target, history, call);
      if (current === null) {
        return null;
      }
      const written = await deps.findManaged(current, options.caller, call);
      const merged = await deps.mergeUpgrade(
        { request, origin, current, written, caller: options.caller, ...(membership && { membership }) },
        call,
      );
      await judge(input, merged);
      return { ...merged, current };
    },
  };
}
