import type { Caller } from '../../domain/access/caller.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { ChartOrigin } from '../../domain/charts/chart-origin.ts';
import { otherVersion, repositoryOf, type VersionWanted } from '../../domain/charts/other-version.ts';
import type { ManagedRevision } from '../../domain/request/recorded-request.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ChartWanted, ResolveChart } from './resolve-chart.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { recordName } from '../../domain/names/helm-record-name.ts';

export type FindChartDeps = {
  restoreRecorded: (namespace: string, digest: string, as: Caller | null) => Promise<void>;
  resolveChart: ResolveChart;
  engine: Pick<HelmCharts, 'packRecordedChart'>;
};

/** Who looks for the chart (null: Walm itself), and which revisions may be used; see `ReleaseTarget.judged`. */
export type ChartSeeker = {
  caller: Caller | null;
  judged?: readonly JudgedRevision[];
  /** The same chart at another version or from another repository; see `otherVersion`. */
  wanted?: VersionWanted;
};

/**
 * Finds the chart that a release was made from, for a change that names no chart, and puts its archive into the chart
 * folder: the archive that Walm stored, else the archive at its source. If there is neither, or plain Helm has upgraded
 * the chart since, the chart is taken from Helm's record, which contains no subcharts (decisions 1, 3 and 5: where the
 * chart of a release comes from). The cluster is read as the caller, null being Walm itself. If the source now has a
 * different archive, it is not used: no caller requested that one.
 * @throws ProblemError CHART_NOT_RECORDED, RELEASE_NOT_SEALED for an automatic change, CHART_MISSING, and what
 * `resolveChart` throws for another version
 */
export type FindChart = (
  current: HelmRelease,
  written: ManagedRevision | null,
  seeker: ChartSeeker,
) => Promise<ChartOrigin>;

export function createFindChart({ restoreRecorded, resolveChart, engine }: FindChartDeps): FindChart {
  return async function findChart(current, written, seeker) {
    const noted = written?.facts.source ?? null;
    const source = noted === null || isOtherChart(current, noted) ? null : noted;
    const request = otherVersion(seeker.wanted ?? {}, { ...current, source });
    if (request !== null) {
      return (await resolveChart({ namespace: current.namespace, request })).origin;
    }
    if (source === null) {
      return recordedChart(current, seeker);
    }
    try {
      await restoreRecorded(current.namespace, source.digest, seeker.caller);
      return source;
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'CHART_NOT_RECORDED')) {
        throw error;
      }
      const again = requestOf(source);
      if (again === null) {
        return recordedChart(current, seeker);
      }
      const { origin } = await resolveChart({ namespace: current.namespace, request: again });
      if (origin.digest !== source.digest) {
        throw otherArchive(current, { kept: source, found: origin, unattended: seeker.judged !== undefined });
      }
      return origin;
    }
  };

  async function recordedChart(
    { namespace, name, revision }: HelmRelease,
    { caller: identity, judged }: ChartSeeker,
  ): Promise<ChartOrigin> {
    const packed = await engine.packRecordedChart({ identity, namespace, name, ...(judged && { judged }) }, revision);
    if (packed === null) {
      throw problem(
        'CHART_NOT_RECORDED',
        `revision ${revision} of release ${namespace}/${name} is gone: send the chart`,
      );
    }
    return {
      kind: 'record',
      ref: recordName(name, revision),
      version: packed.version,
      digest: packed.digest,
    };
  }
}

/** The request that fetches the same chart again; null if its archive has no source to fetch it from. */
function requestOf(origin: ChartOrigin): ChartWanted['request'] | null {
  const { kind, ref, version } = origin;
  const [repoName, chartName] = repositoryOf(origin);
  switch (kind) {
    case 'archive':
    case 'record':
      return null;
    case 'image':
      return { chartImage: ref };
    case 'repository':
      return { repoName, chartName, chartVersion: version };
    default:
      return kind satisfies never;
  }
}

function isOtherChart({ releaseConfig, chartVersion }: HelmRelease, { version }: ChartOrigin): boolean {
  return readReleaseFacts(releaseConfig) === null && chartVersion !== version;
}

/**
 * A user who can write at the source and remove the stored archive would otherwise choose what is rendered with another
 * user's rights.
 */
function otherArchive(
  { namespace, name, revision }: HelmRelease,
  { kept, found, unattended }: { kept: ChartOrigin; found: ChartOrigin; unattended: boolean },
) {
  return problem(
    unattended ? 'RELEASE_NOT_SEALED' : 'CHART_NOT_RECORDED',
    `the archive of revision ${revision} of release ${namespace}/${name} is not kept any more, and ${kept.ref} has ` +
      'another one now: upgrade the release with the chart',
    { revision, kept: kept.digest, found: found.digest },
    { kind: 'Release', namespace, name },
  );
}
