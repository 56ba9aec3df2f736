import type { JsonObject } from '../../domain/json/json.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { metainfoOf, metainfoWarnings } from '../../domain/metainfo/chart-metainfo.ts';
import type { Metainfo } from '../../domain/metainfo/metainfo.ts';
import { secretRulesOf } from '../../domain/metainfo/secret-rules.ts';
import type { SecretRules } from '../../domain/secrets/secret-values.ts';
import type { ChartDetails } from '../../ports/helm/helm-chart.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { memoizeByDigest } from './memoize-by-digest.ts';

/** What an operation has to know about a chart before rendering it. */
export type ChartFacts = {
  name: string;
  version: string;
  appVersion: string;
  /** Null if the chart has no metainfo, or an unreadable one. */
  metainfo: Metainfo | null;
  /** Which of its values are secret. */
  secrets: SecretRules;
  /** `values.yaml`. */
  values: JsonObject;
  /** Words with which its templates could read values; null: unknown. */
  readWords: ReadonlySet<string> | null;
  /** Faults of the chart that do not prevent its use. */
  warnings: Warning[];
};

/** Reads facts of charts by digest. Throws the CHART_* problems of the engine. */
export type ChartFactsOf = (digest: string, call?: EngineCall) => Promise<ChartFacts>;

export function createChartFacts({ engine }: { engine: Pick<HelmCharts, 'inspectChart'> }): ChartFactsOf {
  return memoizeByDigest(async (digest, call) => toChartFacts(await engine.inspectChart(digest, call)));
}

function toChartFacts(details: ChartDetails): ChartFacts {
  const { name, version, appVersion, schemas, values } = details;
  const readWords = details.readWords && new Set(details.readWords);
  const metainfo = metainfoOf(details.metaFiles);
  const warnings = metainfoWarnings(details.metaFiles);
  const secrets = secretRulesOf(schemas, metainfo);
  return { name, version, appVersion, values, readWords, metainfo, secrets, warnings };
}
