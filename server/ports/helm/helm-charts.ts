import type { EngineCall, ReleaseTarget } from './engine-call.ts';
import type {
  ChartDetails,
  ChartSource,
  FetchedChart,
  IndexPart,
  LintedCase,
  RepositoryPage,
  RepositorySource,
  StoredChart,
} from './helm-chart.ts';

/** Where charts come from. Every method rejects with a `ProblemError` that names the chart or repository. */
export interface HelmCharts {
  /** Downloads a chart into the chart folder. */
  fetchChart(source: ChartSource, call?: EngineCall): Promise<FetchedChart>;
  /** Verifies an archive in the chart folder, by its digest. */
  checkChart(digest: string, call?: EngineCall): Promise<StoredChart>;
  inspectChart(digest: string, call?: EngineCall): Promise<ChartDetails>;
  /**
   * Renders a chart with its defaults and with each values file below `ci/`, for no release. Faults of the chart are in the
   * answer.
   */
  lintChart(digest: string, call?: EngineCall): Promise<LintedCase[]>;
  listRepository(source: RepositorySource, part: IndexPart, call?: EngineCall): Promise<RepositoryPage>;
  /**
   * Puts the chart of the newest revision, or of the given one, into the chart folder as Helm recorded it; null if
   * there is no such revision. Rejects with CHART_NOT_RECORDED if the chart has subcharts: those are not recorded.
   */
  packRecordedChart(target: ReleaseTarget, revision?: number, call?: EngineCall): Promise<StoredChart | null>;
}
