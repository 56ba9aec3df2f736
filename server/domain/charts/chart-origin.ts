/** Where a release's chart came from: uploaded archive, registry, repository, or a record that plain Helm wrote. */
export type ChartOriginKind = 'archive' | 'image' | 'record' | 'repository';

/**
 * The origin of a release's chart, recorded in `spec.source` of its ReleaseConfig (decision 1: every chart archive is
 * kept).
 */
export type ChartOrigin = {
  kind: ChartOriginKind;
  /** File name, OCI reference, name of Helm's record, or `repository/chart`. */
  ref: string;
  /** Version of the chart in its Chart.yaml. */
  version: string;
  /** Hexadecimal sha256 of the archive as received. */
  digest: string;
};
