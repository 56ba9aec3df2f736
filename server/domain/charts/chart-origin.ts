/** How a release's chart reached Walm: uploaded archive, registry, repository, or a record that plain Helm wrote. */
export type ChartOriginKind = 'archive' | 'image' | 'record' | 'repository';

/** Where a release's chart came from, as its ReleaseConfig records it in `spec.source` (decision 1). */
export type ChartOrigin = {
  kind: ChartOriginKind;
  /** File name, OCI reference, name of Helm's record, or `repository/chart`. */
  ref: string;
  /** Version of the chart in its Chart.yaml. */
  version: string;
  /** Hexadecimal sha256 of the archive as received. */
  digest: string;
};
