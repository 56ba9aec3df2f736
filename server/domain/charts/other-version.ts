import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { cutName } from '../bounds/cut-name.ts';
import type { ChartOrigin } from './chart-origin.ts';
import { problem } from '../errors/problem-error.ts';

/** What a request without a chart name says about the chart. */
export type VersionWanted = Pick<ReleaseRequest, 'chartVersion' | 'repoName'>;

/** The present chart of a release; `source` null: its origin is unknown. */
export type ChartHeld = {
  namespace: string;
  name: string;
  chartName: string;
  chartVersion: string;
  source: ChartOrigin | null;
};

/** How a chart is requested. */
export type ChartAsked = Pick<ReleaseRequest, 'chartImage' | 'chartName' | 'chartVersion' | 'repoName'>;

/**
 * `chartVersion` or `repoName` without a chart name mean the chart of the release, at that version or from that
 * repository: returns the request for it, or null if it is the present chart.
 * @throws ProblemError CHART_MISSING if no source of other versions is known
 */
export function otherVersion(wanted: VersionWanted, held: ChartHeld): ChartAsked | null {
  const version = wanted.chartVersion ?? '';
  const { source } = held;
  const [ownRepo, ownChart] = source?.kind === 'repository' ? repositoryOf(source) : ['', held.chartName];
  const repoName = wanted.repoName ?? '';
  if ((repoName === '' || repoName === ownRepo) && (version === '' || version === held.chartVersion)) {
    return null;
  }
  if (repoName !== '' || ownRepo !== '') {
    return { repoName: repoName || ownRepo, chartName: ownChart, chartVersion: version || held.chartVersion };
  }
  if (source?.kind === 'image') {
    return { chartImage: `${withoutTag(source.ref)}:${version.replaceAll('+', '_')}` };
  }
  const { namespace, name, chartName } = held;
  const origin = source?.kind === 'archive' ? 'came from an uploaded archive' : 'is known from its record alone';
  throw problem(
    'CHART_MISSING',
    `chartVersion ${cutName(version)} names no chart, and the chart ${chartName} of release ${namespace}/${name} ${origin}: name repoName or chartImage, or send the archive`,
    { chartVersion: cutName(version) },
    { kind: 'Release', namespace, name },
  );
}

/** `stable/web`: the repository and the chart. */
export function repositoryOf({ ref }: Pick<ChartOrigin, 'ref'>): [repository: string, chart: string] {
  const [repository = '', ...chart] = ref.split('/');
  return [repository, chart.join('/')];
}

function withoutTag(image: string): string {
  return image.replace(/@[^/]*$/, '').replace(/:[^:/]*$/, '');
}
