import type { Caller } from '../../../domain/access/caller.ts';
import type { ReleaseRequest } from '../../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { readRecordedRequest, type ManagedRevision } from '../../../domain/request/recorded-request.ts';
import {
  type EffectiveRequest,
  type RecordedRequest,
  toEffectiveRequest,
} from '../../../domain/request/release-request.ts';
import type { JudgedRevision } from '../../../domain/seals/judged-revision.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { FormerInjection } from '../../dependencies/inject-dependencies.ts';
import type { FindChart } from '../../charts/find-chart.ts';
import { resolveRequest } from './resolve-request.ts';

export type MergeUpgradeDeps = {
  findChart: FindChart;
  restoreArchive: (namespace: string, digest: string, as: Caller | null) => Promise<void>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  /** Plugins that do not exist are ignored silently, as in the original Walm (decision 22). */
  ignoreUnknownPlugins: boolean;
};

/** An upgrade of a release: `origin` null keeps the chart that it has. */
export type Upgrade = {
  request: ReleaseRequest;
  origin: ChartOrigin | null;
  current: HelmRelease;
  written: ManagedRevision | null;
  /** Who wants it; null is Walm itself. */
  caller: Caller | null;
  /** What of the release may be acted on; absent where a person asks. See `ReleaseTarget.judged`. */
  judged?: readonly JudgedRevision[];
  /** Absent: the release stays in the project that it is in. */
  membership?: { project: string; commonValues: JsonObject };
};

/** What the release will consist of, and the chart that it will be made from, whose archive lies in the folder. */
export type MergedUpgrade = {
  effective: EffectiveRequest;
  chart: ChartFacts;
  origin: ChartOrigin;
  /** What the release got from its dependencies before; null where that is not known. */
  former: FormerInjection | null;
  warnings: Warning[];
};

/**
 * Merges a request over what is recorded of a release. Throws CHART_NOT_RECORDED, VALUES_INVALID and the problems of
 * `toEffectiveRequest`.
 */
export type MergeUpgrade = (upgrade: Upgrade, call?: EngineCall) => Promise<MergedUpgrade>;

export function createMergeUpgrade({
  findChart,
  restoreArchive,
  chartFacts,
  ignoreUnknownPlugins,
}: MergeUpgradeDeps): MergeUpgrade {
  return async function mergeUpgrade({ request, origin, current, written, membership, caller, judged }, call = {}) {
    // What Walm begins by itself names no chart: it keeps what is recorded.
    const seeker = judged === undefined ? { caller, wanted: request } : { caller, judged };
    const from = origin ?? (await findChart(current, written, seeker));
    if (origin !== null) {
      await restoreArchive(current.namespace, origin.digest, caller);
    }
    const chart = await chartFacts(from.digest, call);
    const recorded = { ...readRecordedRequest(current.config, written), ...membership };
    const prepared = resolveRequest(request, { chart, origin: from }, recorded, ignoreUnknownPlugins);
    const effective = toEffectiveRequest(
      { ...prepared.request, name: current.name },
      current.namespace,
      recorded,
      chart.metainfo?.plugins,
    );
    return { effective, chart, origin: from, former: formerOf(recorded, written), warnings: prepared.warnings };
  };
}

function formerOf(
  { dependenciesConfigValues }: RecordedRequest,
  written: ManagedRevision | null,
): FormerInjection | null {
  if (written === null) {
    return null;
  }
  const { injected, dependenciesConfigValues: shown } = written.facts;
  return { injected, values: dependenciesConfigValues, shown };
}
