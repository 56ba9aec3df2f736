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
  withoutRequests,
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
  /** Unknown plugins are silently ignored, like in the original Walm (decision 22: compatibility). */
  ignoreUnknownPlugins: boolean;
};

/** An upgrade of a release: `origin` null keeps its present chart. */
export type Upgrade = {
  request: ReleaseRequest;
  origin: ChartOrigin | null;
  current: HelmRelease;
  written: ManagedRevision | null;
  /** The caller; null is Walm itself. */
  caller: Caller | null;
  /** Which revisions may be used; absent for a change requested by a user. See `ReleaseTarget.judged`. */
  judged?: readonly JudgedRevision[];
  /** Absent: the release stays in its project. */
  membership?: { project: string; commonValues: JsonObject };
  /** The request is all that the release is to be: nothing that earlier requests said is kept. */
  complete?: boolean;
};

/** What the release will consist of, and its chart, whose archive is in the chart folder. */
export type MergedUpgrade = {
  effective: EffectiveRequest;
  chart: ChartFacts;
  origin: ChartOrigin;
  /** What was injected from its dependencies before; null if unknown. */
  former: FormerInjection | null;
  warnings: Warning[];
};

/**
 * Merges a request into the recorded facts of a release. Throws CHART_NOT_RECORDED, VALUES_INVALID and the problems of
 * `toEffectiveRequest`.
 */
export type MergeUpgrade = (upgrade: Upgrade, call?: EngineCall) => Promise<MergedUpgrade>;

export function createMergeUpgrade({
  findChart,
  restoreArchive,
  chartFacts,
  ignoreUnknownPlugins,
}: MergeUpgradeDeps): MergeUpgrade {
  return async function mergeUpgrade(upgrade, call = {}) {
    const { request, origin, current, written, membership, caller, judged } = upgrade;
    // An automatic change names no chart: it keeps the recorded one.
    const seeker = judged === undefined ? { caller, wanted: request } : { caller, judged };
    const from = origin ?? (await findChart(current, written, seeker));
    if (origin !== null) {
      await restoreArchive(current.namespace, origin.digest, caller);
    }
    const chart = await chartFacts(from.digest, call);
    const recorded = { ...readRecordedRequest(current.config, written), ...membership };
    // A complete request says again which labels of the chart it does not want.
    const removed = upgrade.complete === true ? recorded.removedLabels.map((key): [string, string] => [key, '']) : [];
    const known = { ...recorded, labels: { ...written?.facts.labels, ...Object.fromEntries(removed) } };
    const prepared = resolveRequest(request, { chart, origin: from }, known, ignoreUnknownPlugins);
    const effective = toEffectiveRequest(
      { ...prepared.request, name: current.name },
      current.namespace,
      upgrade.complete === true ? withoutRequests(recorded) : recorded,
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
