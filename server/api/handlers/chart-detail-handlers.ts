import { cutName } from '../../domain/bounds/cut-name.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { LintChart } from '../../services/charts/lint-chart.ts';
import type { ChartPage, ChartPlace, ShowChart, Viewer } from '../../services/charts/show-chart.ts';
import { hasTag, prefersToJson, taggedHeaders } from '../answers/conditional-answer.ts';
import { warningsHeader } from '../answers/warnings-header.ts';
import type { CallContext, HandlersOf } from './handler.ts';

type DetailOperation =
  | 'getChart'
  | 'getChartImage'
  | 'getChartIcon'
  | 'getChartAdvantage'
  | 'getChartArchitecture'
  | 'getChartArchive'
  | 'getChartFile'
  | 'inspectChart'
  | 'lintChart';

/** A call that names a chart of a repository. */
interface ChartCall extends CallContext {
  readonly path: { readonly repo: string; readonly chart: string };
  readonly query: { readonly 'chart-version'?: string; readonly namespace?: string };
}

/**
 * A chart's author chose these bytes: a browser that shows them as a page runs no script of theirs, loads nothing, and
 * treats them as of no origin.
 */
const PAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The handlers of the operations on one version of a chart. */
export function createChartDetailHandlers(
  services: ShowChart & { readonly lintChart: LintChart },
): HandlersOf<DetailOperation> {
  async function detail(place: ChartPlace, call: CallContext) {
    const { etag, body, warnings } = await services.detail(place, viewerOf(call));
    const headers = { ...taggedHeaders(etag), ...warningsHeader([...call.warnings, ...warnings]) };
    return hasTag(call.ifNoneMatch, etag)
      ? ({ status: 304, body: undefined, headers } as const)
      : ({ status: 200, body, headers } as const);
  }

  function page(page: ChartPage, type: string) {
    return async (call: ChartCall) => {
      const { etag, body } = await services.page(placeOf(call), page, viewerOf(call));
      const isPage = prefersToJson(call.accept, type);
      const tag = isPage ? etag : `${etag.slice(0, -1)}-json"`;
      const headers = { ...taggedHeaders(tag), vary: 'Accept' };
      if (body !== null && hasTag(call.ifNoneMatch, tag)) {
        return { status: 304, body: undefined, headers } as const;
      }
      if (!isPage) {
        // The original answered an empty text for a chart without the file.
        return { status: 200, body: new TextDecoder().decode(body ?? new Uint8Array()), headers } as const;
      }
      if (body === null) {
        throw problem('CHART_FILE_NOT_FOUND', `chart ${call.path.chart} has no ${page}`);
      }
      const shown = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': PAGE_POLICY };
      return { status: 200, body, headers: { ...headers, ...shown } } as const;
    };
  }

  return {
    getChart: async (call) => detail(placeOf(call), call),
    getChartImage: async (call) => detail(imageOf(call.query), call),
    getChartIcon: page('icon', 'image/svg+xml'),
    getChartAdvantage: page('advantage', 'text/html'),
    getChartArchitecture: page('architecture', 'text/html'),

    getChartArchive: async (call) => {
      const { etag, body } = await services.archive(placeOf(call), viewerOf(call));
      const headers = taggedHeaders(etag);
      return hasTag(call.ifNoneMatch, etag)
        ? { status: 304, body: undefined, headers }
        : {
            status: 200,
            body: body.bytes,
            // Names of charts need no quoting.
            headers: { ...headers, 'content-disposition': `attachment; filename="${body.fileName}"` },
          };
    },

    getChartFile: async (call) => {
      const { path } = call.query;
      if (path === undefined) {
        throw problem('QUERY_INVALID', 'query param path is required: README.md, LICENSE or transwarp-meta/…', {
          parameter: 'path',
        });
      }
      const { etag, body } = await services.file(placeOf(call), path, viewerOf(call));
      if (body === null) {
        throw problem('CHART_FILE_NOT_FOUND', `chart ${call.path.chart} has no file ${cutName(path)} that is shown`);
      }
      const headers = taggedHeaders(etag);
      return hasTag(call.ifNoneMatch, etag)
        ? { status: 304, body: undefined, headers }
        : { status: 200, body, headers };
    },

    inspectChart: async (call) => {
      const { body, warnings } = await services.uploaded(call.archive, viewerOf(call));
      return { status: 200, body, headers: warningsHeader([...call.warnings, ...warnings]) };
    },

    lintChart: async (call) => ({
      status: 200,
      body: await services.lintChart(call.archive, viewerOf(call)),
      headers: warningsHeader(call.warnings),
    }),
  };
}

function placeOf({ path, query }: ChartCall): ChartPlace {
  return {
    namespace: query.namespace ?? null,
    repoName: path.repo,
    chartName: path.chart,
    chartVersion: query['chart-version'] ?? '',
  };
}

function imageOf(query: { 'chart-image'?: string; namespace?: string }): ChartPlace {
  const { 'chart-image': chartImage, namespace = null } = query;
  if (chartImage === undefined) {
    throw problem('QUERY_INVALID', 'query param chart-image is required: write registry/repository:tag', {
      parameter: 'chart-image',
    });
  }
  return { namespace, chartImage };
}

function viewerOf({ caller, visible, signal, requestId }: CallContext): Viewer {
  return { caller, visible, signal, requestId };
}
