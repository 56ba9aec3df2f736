import { CHART_MISSING } from '../../../contract/release-reasons.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { addressOfImage, type ChartAddress } from '../../domain/charts/chart-address.ts';
import type { ChartOrigin } from '../../domain/charts/chart-origin.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { type ChartRepository, DEFAULT_REPOSITORY, type RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { SourceCredentials } from '../../ports/helm/source-credentials.ts';
import type { UploadedArchive } from '../tasks/release-mutation.ts';
import { accessTo, type AddressAccess } from './access-to.ts';
import type { NewerVersions } from './newer-versions.ts';
import { findRepository } from './find-repository.ts';

export interface ResolveChartDeps {
  readonly repositories: RepositoriesNow;
  readonly credentials: SourceCredentials;
  readonly engine: Pick<HelmCharts, 'fetchChart'>;
  readonly newerVersions: Pick<NewerVersions, 'seen'>;
}

/** Where a request says its chart is. */
export interface ChartWanted {
  /** Namespace of the release, whose credentials are used; null: only those of the configuration. */
  readonly namespace: string | null;
  readonly request: Pick<ReleaseRequest, 'chartImage' | 'chartName' | 'chartVersion' | 'repoName'>;
  readonly archive?: UploadedArchive;
}

/** A chart in the chart folder, and its origin. */
export interface ResolvedChart {
  readonly chart: StoredChart;
  readonly origin: ChartOrigin;
  /** When it was made, as its source says: RFC 3339, or empty. */
  readonly created: string;
}

/**
 * Puts the chart of a request into the chart folder: the uploaded archive, else `chartImage`, else `chartName` from
 * `repoName` (`stable` if empty). Throws CHART_MISSING if the request names no chart, REPOSITORY_NOT_FOUND,
 * CREDENTIAL_INVALID, and the CHART_*, REPOSITORY_* and REGISTRY_* problems of the engine.
 */
export type ResolveChart = (wanted: ChartWanted, call?: EngineCall) => Promise<ResolvedChart>;

export function createResolveChart({
  repositories,
  credentials,
  engine,
  newerVersions,
}: ResolveChartDeps): ResolveChart {
  async function reach(
    namespace: string | null,
    address: ChartAddress,
    among: readonly ChartRepository[],
    signal?: AbortSignal,
  ): Promise<AddressAccess> {
    const own = namespace === null ? [] : await credentials.list(namespace, signal);
    return accessTo(address, own, among);
  }

  async function fromImage(namespace: string | null, reference: string, call: EngineCall): Promise<ResolvedChart> {
    const address = addressOfImage(reference);
    if (address === null) {
      throw problem('CHART_REFERENCE_INVALID', 'the chart image is not valid: write registry/repository:tag');
    }
    const { access, plainHttp } = await reach(namespace, address, repositories(), call.signal);
    const chart = await engine.fetchChart({ ...access, kind: 'oci', reference, plainHttp }, call);
    return resolved(chart, 'image', chart.reference, chart.created);
  }

  async function fromRepository({ namespace, request }: ChartWanted, name: string, call: EngineCall) {
    const { chartVersion: version = '' } = request;
    const repoName = request.repoName || DEFAULT_REPOSITORY;
    const repository = findRepository(repositories(), repoName, `can not find repo name: ${repoName}`);
    const { url, address } = repository;
    // Of several repositories at one address each has its own credentials.
    const { access } = await reach(namespace, address, [repository], call.signal);
    const chart = await engine.fetchChart({ ...access, kind: 'repository', url, chart: name, version }, call);
    newerVersions.seen(repository, name);
    return resolved(chart, 'repository', `${repoName}/${name}`, chart.created);
  }

  return async function resolveChart(wanted, call = {}) {
    const { archive, request, namespace } = wanted;
    if (archive !== undefined) {
      return resolved(archive, 'archive', archive.fileName);
    }
    if (request.chartImage) {
      return fromImage(namespace, request.chartImage, call);
    }
    if (request.chartName) {
      return fromRepository(wanted, request.chartName, call);
    }
    throw problem('CHART_MISSING', CHART_MISSING);
  };
}

function resolved(chart: StoredChart, kind: ChartOrigin['kind'], ref: string, created = ''): ResolvedChart {
  return { chart, origin: { kind, ref, version: chart.version, digest: chart.digest }, created };
}
