import type { Warning } from '../../../contract/schemas/warning.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { RestoreArchive } from '../charts/keep-archive.ts';
import type { RevisionReader, RevisionReading } from './read-revision.ts';

/** The archive of a chart, its digest, and the name that `helm package` gives it. */
export type ReleaseChart = { bytes: Uint8Array; digest: string; fileName: string; warnings: Warning[] };

/**
 * The chart of a revision (the applied one if none is named): the archive that its namespace keeps, or, where none is
 * kept, what Helm's record has of it: everything but subcharts. No source is asked for another archive. Read in the name of
 * the caller.
 * @throws ProblemError RELEASE_NOT_FOUND, RELEASE_UNREADABLE, REVISION_NOT_FOUND, CHART_NOT_RECORDED
 */
export type ReadReleaseChart = (
  reading: RevisionReading,
  revision: number | undefined,
  signal: AbortSignal,
) => Promise<ReleaseChart>;

export type ReadReleaseChartDeps = {
  reader: Pick<RevisionReader, 'read'>;
  restoreRecorded: RestoreArchive;
  engine: Pick<HelmCharts, 'packRecordedChart'>;
  folder: Pick<ChartFolder, 'read'>;
};

export function createReadReleaseChart(deps: ReadReleaseChartDeps): ReadReleaseChart {
  const { reader, restoreRecorded, engine, folder } = deps;

  /** Null: it is not kept, or plain Helm has changed the chart since. */
  async function keptDigest({ releaseConfig, namespace, chartVersion }: HelmRelease, reading: RevisionReading) {
    const source = readReleaseFacts(releaseConfig)?.source ?? null;
    if (source === null || source.version !== chartVersion) {
      return null;
    }
    try {
      await restoreRecorded(namespace, source.digest, reading.caller);
      return source.digest;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'CHART_NOT_RECORDED') {
        return null;
      }
      throw error;
    }
  }

  async function recordedDigest(
    { namespace, name, revision }: HelmRelease,
    reading: RevisionReading,
    signal: AbortSignal,
  ) {
    const target = { identity: reading.caller, namespace, name };
    const { requestId } = reading;
    return (await engine.packRecordedChart(target, revision, { requestId, signal }))?.digest ?? null;
  }

  return async function readReleaseChart(reading, number, signal) {
    const { revision } = await reader.read(reading, number, signal);
    const kept = await keptDigest(revision, reading);
    const digest = kept ?? (await recordedDigest(revision, reading, signal));
    const bytes = digest === null ? null : await folder.read(digest);
    if (digest === null || bytes === null) {
      const message = `the chart of revision ${revision.revision} of release ${revision.namespace}/${revision.name} is gone`;
      throw problem('CHART_NOT_RECORDED', message, { revision: revision.revision });
    }
    const message = 'no archive of the chart is kept: this is what Helm recorded of it, without its subcharts';
    return {
      bytes,
      digest,
      fileName: `${revision.chartName}-${revision.chartVersion}.tgz`,
      warnings: kept === null ? [{ code: 'CHART_FROM_RECORD', message }] : [],
    };
  };
}
