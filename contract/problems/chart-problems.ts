import type { ProblemKind } from './problem-kind.ts';

/** Errors of finding, fetching and reading charts, in alphabetical order. */
export const chartProblems = {
  ADDRESS_REFUSED: {
    status: 422,
    title: 'Walm does not connect to this address',
    retryable: false,
    remedy:
      'Use an address outside the link-local and metadata ranges; `addresses.refusePrivate` and `addresses.refuseLoopback` refuse more.',
  },
  CHART_ARCHIVE_INVALID: {
    status: 422,
    title: 'The chart archive cannot be read',
    retryable: false,
    remedy: 'Pack the chart with `helm package` and send the .tgz unchanged.',
  },
  CHART_ARCHIVE_MISSING: {
    status: 400,
    title: 'The request contains no chart archive',
    retryable: false,
    remedy: 'Send the packaged chart (.tgz) as the multipart part `chart`.',
  },
  CHART_DEPENDENCIES_MISSING: {
    status: 422,
    title: 'The chart archive lacks subcharts that Chart.yaml lists',
    retryable: false,
    remedy: 'Run `helm dependency update` in the chart and pack it again.',
  },
  CHART_DIGEST_MISMATCH: {
    status: 422,
    title: 'The chart does not have the expected digest',
    retryable: false,
    remedy: 'The archive was replaced or damaged in transit; ask the owner of the repository or registry.',
  },
  CHART_FILE_NOT_FOUND: {
    status: 404,
    title: 'The chart has no such file',
    retryable: false,
    remedy: 'Ask for a file below `transwarp-meta/`, the README or the LICENSE; `getChart` says which pages there are.',
  },
  CHART_MISSING: {
    status: 422,
    title: 'The request names no chart',
    retryable: false,
    remedy: 'Send a chart archive, or name the chart with `chartImage` or `chartName`.',
  },
  CHART_NOT_FOUND: {
    status: 404,
    title: 'The chart does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/chart/{repo}/list` lists the charts of a repository.',
  },
  CHART_NOT_INSTALLABLE: {
    status: 422,
    title: 'The chart cannot be installed',
    retryable: false,
    remedy: 'A library chart contains nothing to install; use it as a dependency of another chart.',
  },
  CHART_NOT_RECORDED: {
    status: 422,
    title: 'The chart of the release is not available',
    retryable: false,
    remedy: 'Send the chart with the request: an archive, `chartImage` or `chartName`.',
  },
  CHART_REFERENCE_INVALID: {
    status: 422,
    title: 'The chart reference is not valid',
    retryable: false,
    remedy: 'Write a chart image as `registry/repository:tag`, and a repository as `https://host/path`.',
  },
  CHART_SCHEMA_INVALID: {
    status: 422,
    title: "The chart's values.schema.json cannot be used",
    retryable: false,
    remedy: 'Correct the schema; it must not refer to files, or to addresses that Walm does not connect to.',
  },
  CHART_TOO_LARGE: {
    status: 413,
    title: 'The chart archive is too large',
    retryable: false,
    remedy: 'Make the chart smaller; the limits are in `details` and are set by `limits.*`.',
  },
  CHART_UNSAFE_PATH: {
    status: 422,
    title: 'The chart archive contains a path that is not allowed',
    retryable: false,
    remedy: 'Pack the chart with `helm package`; links and paths outside the chart are refused.',
  },
  CHART_VERSION_NOT_FOUND: {
    status: 404,
    title: 'The chart has no such version',
    retryable: false,
    remedy: 'Check the version; `GET /api/v1/chart/{repo}/list` lists the charts of a repository.',
  },
  CHART_YAML_INVALID: {
    status: 422,
    title: 'A YAML file of the chart cannot be used',
    retryable: false,
    remedy: 'Correct the file named in the message.',
  },
  CREDENTIAL_INVALID: {
    status: 422,
    title: 'A Secret with chart credentials cannot be used',
    retryable: false,
    remedy: 'Correct the Secret named in the message, or remove its label `walm.io/credential`.',
  },
  DOWNLOAD_TOO_LARGE: {
    status: 422,
    title: 'A download is larger than allowed',
    retryable: false,
    remedy: 'Fetch something smaller, or raise `limits.downloadBytes` or `limits.archiveBytes`.',
  },
  REGISTRY_UNAUTHORIZED: {
    status: 422,
    title: 'The registry refuses access',
    retryable: false,
    remedy:
      'Check that the chart exists, and the credentials for the registry in the namespace or in the configuration.',
  },
  REGISTRY_UNREACHABLE: {
    status: 502,
    title: 'The registry cannot be reached',
    retryable: true,
    remedy: 'Check the address and that the registry is up; a registry without TLS needs `oci+http://`.',
  },
  REPOSITORY_EXISTS: {
    status: 409,
    title: 'There is a chart repository of this name',
    retryable: false,
    remedy: 'Choose another name, or remove that repository first; `GET /api/v1/chart/repolist` lists them.',
  },
  REPOSITORY_INDEX_INVALID: {
    status: 502,
    title: 'The index of the chart repository cannot be used',
    retryable: false,
    remedy: 'Check that the address is the address of a chart repository.',
  },
  REPOSITORY_INVALID: {
    status: 422,
    title: 'A chart repository cannot be like this',
    retryable: false,
    remedy: 'Correct the field that `details.field` names.',
  },
  REPOSITORY_NOT_FOUND: {
    status: 404,
    title: 'There is no chart repository of this name',
    retryable: false,
    remedy: 'Use a repository that `GET /api/v1/chart/repolist` lists, or add this one with `POST /api/v1/chart/repo`.',
  },
  REPOSITORY_READ_ONLY: {
    status: 409,
    title: 'The chart repository belongs to the configuration',
    retryable: false,
    remedy: "Change `repoList` of the server's configuration, and start the server again.",
  },
  REPOSITORY_UNAUTHORIZED: {
    status: 422,
    title: 'The chart repository refuses access',
    retryable: false,
    remedy: 'Check the credentials for the repository in the namespace or in the configuration.',
  },
  REPOSITORY_UNREACHABLE: {
    status: 502,
    title: 'The chart repository cannot be reached',
    retryable: true,
    remedy: 'Check the address and that the repository is up.',
  },
  TOO_MANY_REPOSITORIES: {
    status: 409,
    title: 'There are as many chart repositories as Walm keeps',
    retryable: false,
    remedy: 'Remove repositories that are no longer used; `details.max` is how many can be added.',
  },
} as const satisfies Record<string, ProblemKind>;
