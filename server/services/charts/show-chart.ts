import { createHash } from 'node:crypto';
import type { ChartDetail } from '../../../contract/schemas/charts/chart-detail.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf, sharerOf } from '../../domain/access/sharer.ts';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { metainfoWarnings } from '../../domain/metainfo/chart-metainfo.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { ChartDetails, StoredChart } from '../../ports/helm/helm-chart.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';
import { CHART_PAGES, describeArchive } from './chart-detail.ts';
import type { ResolveChart, ResolvedChart } from './resolve-chart.ts';

export interface ShowChartDeps {
  readonly resolveChart: ResolveChart;
  readonly engine: Pick<HelmCharts, 'inspectChart'>;
  readonly folder: Pick<ChartFolder, 'read'>;
  readonly cache: Pick<ReleaseCache, 'list'>;
  readonly memoryUnit: MemoryUnit;
}

/** Which chart: of a repository, or an image; `namespace` has the credentials, null: only the configuration. */
export type ChartPlace = { readonly namespace: string | null } & (
  | { readonly repoName: string; readonly chartName: string; readonly chartVersion: string }
  | { readonly chartImage: string }
);

/** Who looks at it. */
export interface Viewer {
  readonly caller: Caller | null;
  readonly visible: VisibleNamespaces | null;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/** An answer with the tag that changes when it does. */
export interface Tagged<T> {
  readonly etag: string;
  readonly body: T;
  readonly warnings: readonly Warning[];
}

/** A file of `transwarp-meta/` that has a route of its own. */
export type ChartPage = keyof typeof CHART_PAGES;

/** Shows charts before they are installed. */
export interface ShowChart {
  /**
   * Everything about one version of a chart.
   * @throws ProblemError CHART_NOT_FOUND and CHART_VERSION_NOT_FOUND in the original's words, and what `resolveChart`
   * throws
   */
  detail(place: ChartPlace, viewer: Viewer): Promise<Tagged<ChartDetail>>;
  /** Everything about a chart in the chart folder. Throws the CHART_* problems of the engine. */
  uploaded(chart: StoredChart, viewer: Viewer): Promise<Tagged<ChartDetail>>;
  /** The archive, with the file name that `helm package` gives it. Throws as `detail`. */
  archive(place: ChartPlace, viewer: Viewer): Promise<Tagged<{ bytes: Uint8Array; fileName: string }>>;
  /** The README, the LICENSE or a file of `transwarp-meta/`; null for anything else. Throws as `detail`. */
  file(place: ChartPlace, path: string, viewer: Viewer): Promise<Tagged<Uint8Array | null>>;
  /** A page that the chart brings; null if it has none. Throws as `detail`. */
  page(place: ChartPlace, page: ChartPage, viewer: Viewer): Promise<Tagged<Uint8Array | null>>;
}

/** Charts that are described at once: each is in memory several times over. Fetching them waits outside. */
const AT_ONCE = { all: 4, each: 2 };
/** Maximum releases of a chart in one answer. */
const MAX_INSTALLED = 100;

export function createShowChart({ resolveChart, engine, folder, cache, memoryUnit }: ShowChartDeps): ShowChart {
  const turns = createFairGate(AT_ONCE);

  return {
    async detail(place, viewer) {
      const call = callOf(place, viewer);
      const { chart, created } = await resolve(place, call);
      return describe({ chart, created, place, call, viewer });
    },

    uploaded: (chart, viewer) =>
      describe({ chart, created: '', place: null, call: callOf({ namespace: null }, viewer), viewer }),

    async archive(place, viewer) {
      const call = callOf(place, viewer);
      const { chart } = await resolve(place, call);
      const bytes = await folder.read(chart.digest);
      if (bytes === null) {
        throw problem(
          'CHART_NOT_FOUND',
          `the archive of chart ${chart.name} was removed again: send the request again`,
        );
      }
      const fileName = `${chart.name}-${chart.version}.tgz`;
      return { etag: `"${chart.digest}"`, body: { bytes, fileName }, warnings: [] };
    },

    async file(place, path, viewer) {
      const { chart, details } = await inspect(place, viewer);
      const found = fileOf(details, path);
      const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
      return { etag: `"${chart.digest}-${name}"`, body: found, warnings: [] };
    },

    async page(place, page, viewer) {
      const { chart, details } = await inspect(place, viewer);
      const body = fileOf(details, META_FOLDER + CHART_PAGES[page]);
      return { etag: `"${chart.digest}-${page}"`, body, warnings: [] };
    },
  };

  async function inspect(place: ChartPlace, viewer: Viewer) {
    const call = callOf(place, viewer);
    const { chart } = await resolve(place, call);
    const details = await turns.run(shareOf(viewer.caller), () => engine.inspectChart(chart.digest, call));
    return { chart, details };
  }

  async function describe({ chart, created, place, call, viewer }: Described): Promise<Tagged<ChartDetail>> {
    const { archive, warnings } = await turns.run(shareOf(viewer.caller), async () => {
      const details = await engine.inspectChart(chart.digest, call);
      return { archive: describeArchive(details, memoryUnit), warnings: metainfoWarnings(details.metaFiles) };
    });
    const own = {
      bytes: chart.bytes,
      repoName: place !== null && 'repoName' in place ? place.repoName : '',
      chartImage: place !== null && 'chartImage' in place ? place.chartImage : '',
      created: created === '' ? null : created,
      installed: await installedReleases(archive.chartName, viewer.visible),
    };
    const rest = createHash('sha256')
      .update(JSON.stringify([own, memoryUnit]))
      .digest('hex')
      .slice(0, 16);
    return { etag: `"${archive.digest}-${rest}"`, body: { ...archive, ...own }, warnings };
  }

  async function resolve(place: ChartPlace, call: EngineCall): Promise<ResolvedChart> {
    try {
      return await resolveChart({ namespace: place.namespace, request: place }, call);
    } catch (error) {
      throw error instanceof ProblemError ? notFoundAsOnce(error, place) : error;
    }
  }

  async function installedReleases(
    chartName: string,
    visible: VisibleNamespaces | null,
  ): Promise<ChartDetail['installed']> {
    const all = (await cache.list()).filter((record) => record.chartName === chartName);
    return (await onlySeen(visible, all))
      .slice(0, MAX_INSTALLED)
      .map(({ namespace, name, chartVersion }) => ({ namespace, name, chartVersion }));
  }
}

/** A chart to describe; `place` is null for one that was sent. */
interface Described {
  readonly chart: StoredChart;
  readonly created: string;
  readonly place: ChartPlace | null;
  readonly call: EngineCall;
  readonly viewer: Viewer;
}

const META_FOLDER = 'transwarp-meta/';

/** Looked up by whole names among the files that the engine tells: no path leads anywhere else. */
function fileOf({ metaFiles, readme, license }: ChartDetails, path: string): Uint8Array | null {
  const text = /^readme(\.md|\.txt)?$/i.test(path) ? readme : path === 'LICENSE' ? license : '';
  if (text !== '') {
    return new TextEncoder().encode(text);
  }
  const name = path.startsWith(META_FOLDER) ? path.slice(META_FOLDER.length) : '';
  return Object.hasOwn(metaFiles, name) ? (metaFiles[name] ?? null) : null;
}

function callOf({ namespace }: Pick<ChartPlace, 'namespace'>, { caller, signal, requestId }: Viewer): EngineCall {
  return { signal, requestId, sharer: sharerOf(caller, namespace ?? '') };
}

/** What is not there, in the words of the original Walm, with the engine's in the details. */
function notFoundAsOnce(error: ProblemError, place: ChartPlace): ProblemError {
  if (error.code !== 'CHART_NOT_FOUND' && error.code !== 'CHART_VERSION_NOT_FOUND') {
    return error;
  }
  const message =
    'chartImage' in place
      ? `Chart ${place.chartImage} is not found`
      : `Chart ${place.chartName}-${place.chartVersion} is not found in repo ${place.repoName}`;
  return problem(error.code, message, { ...error.details, reason: error.message });
}
