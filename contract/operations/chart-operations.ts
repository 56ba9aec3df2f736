import { Type } from 'typebox';
import { anyToken, anyTokenOrIn, mayOn } from '../schemas/access.ts';
import { ChartInfoList, ChartSearch, Repository, RepositoryList } from '../schemas/charts/chart-list.ts';
import { ChartLint } from '../schemas/charts/chart-lint.ts';
import { ChartDetail } from '../schemas/charts/chart-detail.ts';
import { RepositoryRemoval, RepositoryRequest } from '../schemas/charts/repository-request.ts';
import { REPOSITORY_SECRET_PREFIX } from '../schemas/charts/repository-secret.ts';
import { DNS_LABEL } from '../schemas/name-syntax.ts';
import { ignoreNotFound } from './cluster/changed.ts';
import { Bytes, etagHeaders, ifNoneMatch, notModified } from './parts/byte-answers.ts';
import { archiveErrors, changeObjectErrors, chartReadErrors, indexErrors } from './parts/release-errors.ts';
import { operation } from './parts/operation.ts';
import { listQuery } from './parts/query-parameters.ts';

/** Whose credentials are used besides the configuration's. */
const namespace = Type.Optional(
  Type.String({
    description: "Use this namespace's credentials, as a release in it would; takes the right to install there.",
    pattern: DNS_LABEL,
  }),
);

/** Parameters of everything about one version of a chart. */
const versionQuery = {
  'chart-version': Type.Optional(
    Type.String({
      description: 'A version, or a range such as `~6.1`; absent: the newest that is not a pre-release.',
      maxLength: 256,
    }),
  ),
  namespace,
};

/** Errors of everything about a chart that a path or query names. */
const errors = [...chartReadErrors, 'NAMESPACE_NOT_WATCHED', 'NAMESPACE_RESERVED'] as const;
const byName = {
  method: 'GET',
  tag: 'chart',
  access: anyTokenOrIn('namespace'),
  query: versionQuery,
  requestHeaders: ifNoneMatch,
  errors,
  errorPrefix: 'failed to get chart: ',
  unprefixed: ['CHART_NOT_FOUND', 'CHART_VERSION_NOT_FOUND'],
} as const;

/** A page that the chart brings: as JSON text like the original Walm, or as what it is. */
function pageOf(what: string, type: string) {
  return {
    description: `${what}: a JSON string (empty if the chart has none), or itself if \`Accept\` prefers \`${type}\` to JSON; then it may load nothing and run nothing.`,
    schema: Type.String(),
    alternatives: [type],
    headers: etagHeaders,
  };
}

/** What is sent with an archive that is only looked at. */
const ChartUpload = Type.Object({}, { $id: 'ChartUpload', description: 'Nothing else is needed.' });

/** The operations on one version of a chart. */
const detailOperations = {
  getChart: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}',
    summary: 'Show one version of a chart',
    description:
      'Everything that the archive says about the chart. What is larger than an answer takes is cut, and named in `leftOut`.',
    responses: { 200: { description: 'The chart.', schema: ChartDetail, headers: etagHeaders }, 304: notModified },
  }),
  getChartImage: operation({
    ...byName,
    path: '/api/v1/chart/image',
    summary: 'Show the chart in an OCI registry',
    description:
      'As `getChart`, for a chart image. Without `namespace` only credentials of the configuration are used.',
    query: {
      'chart-image': Type.Optional(
        Type.String({ description: 'Required: the image, as `chartImage` of a release.', maxLength: 2048 }),
      ),
      namespace,
    },
    responses: { 200: { description: 'The chart.', schema: ChartDetail, headers: etagHeaders }, 304: notModified },
  }),
  getChartIcon: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}/icon',
    summary: 'Get the icon of a chart',
    responses: { 200: pageOf('`transwarp-meta/icon.svg`', 'image/svg+xml'), 304: notModified },
    errors: [...errors, 'CHART_FILE_NOT_FOUND'],
  }),
  getChartAdvantage: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}/advantage',
    summary: 'Get the page about the advantages of a chart',
    responses: { 200: pageOf('`transwarp-meta/advantage.html`', 'text/html'), 304: notModified },
    errors: [...errors, 'CHART_FILE_NOT_FOUND'],
  }),
  getChartArchitecture: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}/architecture',
    summary: 'Get the page about the architecture of a chart',
    responses: { 200: pageOf('`transwarp-meta/architecture.html`', 'text/html'), 304: notModified },
    errors: [...errors, 'CHART_FILE_NOT_FOUND'],
  }),
  getChartArchive: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}/archive',
    summary: 'Download the archive of a chart',
    responses: {
      200: { description: 'The packaged chart.', schema: Bytes, contentType: 'application/gzip', headers: etagHeaders },
      304: notModified,
    },
  }),
  getChartFile: operation({
    ...byName,
    path: '/api/v1/chart/{repo}/chart/{chart}/file',
    summary: 'Get a file that describes a chart',
    description:
      'The README, the LICENSE, and files below `transwarp-meta/`; no other file of a chart. Text is sent as plain text, whatever it is.',
    query: {
      path: Type.Optional(
        Type.String({ description: 'Required: `README.md`, `LICENSE` or `transwarp-meta/…`.', maxLength: 512 }),
      ),
      ...versionQuery,
    },
    responses: {
      200: { description: 'The file.', schema: Bytes, contentType: 'text/plain; charset=utf-8', headers: etagHeaders },
      304: notModified,
    },
    errors: [...errors, 'CHART_FILE_NOT_FOUND'],
  }),
  inspectChart: operation({
    method: 'POST',
    path: '/api/v1/chart/inspect',
    tag: 'chart',
    access: anyToken,
    summary: 'Show the chart in an uploaded archive',
    description: 'As `getChart`, for an archive that is sent. It is not kept for a release: send it again with that.',
    body: {
      kind: 'chart-form',
      schema: ChartUpload,
      description: 'The archive.',
    },
    responses: { 200: { description: 'The chart.', schema: ChartDetail } },
    errors: [...chartReadErrors, ...archiveErrors],
    errorPrefix: 'failed to inspect chart: ',
  }),
  lintChart: operation({
    method: 'POST',
    path: '/api/v1/chart/lint',
    tag: 'chart',
    access: anyToken,
    summary: 'Find the faults of a chart in an uploaded archive',
    description:
      'Judges the archive, Chart.yaml, values.schema.json, metainfo.yaml against values.yaml, and what the chart renders to with its ' +
      'defaults and with each of at most 20 values files below `ci/`. Nothing is read from the cluster except its version and kinds: ' +
      'a `lookup` finds nothing. The answer is 200 also for a bad chart. The archive is not kept.',
    body: {
      kind: 'chart-form',
      schema: ChartUpload,
      description: 'The archive.',
      takesFaulty: true,
    },
    responses: { 200: { description: 'The findings.', schema: ChartLint } },
    errors: [
      'CANCELLED',
      'CHART_ARCHIVE_MISSING',
      'CHART_NOT_FOUND',
      'CHART_TOO_LARGE',
      'CONTENT_TYPE_UNSUPPORTED',
      'ENGINE_BUSY',
      'ENGINE_STOPPED',
    ],
    errorPrefix: 'failed to lint chart: ',
  }),
};

/** Rights to the Secrets in which Walm keeps repositories that were added at run time. */
const secrets = { group: '', resource: 'secrets' } as const;

/** The operations that change which repositories there are. */
const repositoryOperations = {
  addRepository: operation({
    method: 'POST',
    path: '/api/v1/chart/repo',
    tag: 'chart',
    access: mayOn({ namespace: null, own: true }, { verb: 'create', ...secrets }),
    summary: 'Add a chart repository',
    description:
      "It is kept in a Secret of Walm's namespace, written in the name of the caller, and every replica has it at once. Its index is read before.",
    query: {
      check: Type.Boolean({
        description: 'False: add it without reading its index. Registries have none and are never asked.',
        default: true,
      }),
    },
    body: { kind: 'json', schema: RepositoryRequest, description: 'The repository.' },
    responses: { 200: { description: 'The repository, without its credentials.', schema: Repository } },
    errors: [
      ...indexErrors.filter((code) => code !== 'REPOSITORY_NOT_FOUND'),
      ...changeObjectErrors.filter((code) => code !== 'OBJECT_CHANGED'),
      'CANCELLED',
      'QUOTA_EXCEEDED',
      'REPOSITORY_EXISTS',
      'REPOSITORY_INVALID',
      'TOO_MANY_REPOSITORIES',
    ],
    errorPrefix: 'failed to add repository: ',
  }),
  removeRepository: operation({
    method: 'DELETE',
    path: '/api/v1/chart/repo/{repo}',
    tag: 'chart',
    access: mayOn(
      { namespace: null, own: true, name: 'repo', prefix: REPOSITORY_SECRET_PREFIX },
      { verb: 'delete', ...secrets },
    ),
    summary: 'Remove a chart repository that was added at run time',
    description: 'In the name of the caller. Releases whose chart came from it run on.',
    query: { ignoreNotFound },
    responses: { 200: { description: 'What named it.', schema: RepositoryRemoval } },
    errors: [
      ...changeObjectErrors.filter((code) => code !== 'OBJECT_CHANGED'),
      'REPOSITORY_NOT_FOUND',
      'REPOSITORY_READ_ONLY',
    ],
    errorPrefix: 'failed to remove repository: ',
  }),
  checkRepository: operation({
    method: 'POST',
    path: '/api/v1/chart/repo/{repo}/check',
    tag: 'chart',
    access: anyToken,
    summary: 'Read the index of a chart repository now',
    description: 'Changes nothing. A registry has no index and is not asked.',
    responses: {
      200: { description: 'How that went: `reachable` and `message`.', schema: Repository },
    },
    errors: ['CANCELLED', 'ENGINE_BUSY', 'ENGINE_STOPPED', 'REPOSITORY_NOT_FOUND'],
    errorPrefix: 'failed to check repository: ',
  }),
};

const pageQuery = { limit: listQuery.limit, continue: listQuery.continue };

/** The operations on charts and their repositories. */
export const chartOperations = {
  listRepositories: operation({
    method: 'GET',
    path: '/api/v1/chart/repolist',
    tag: 'chart',
    access: anyToken,
    summary: 'List the chart repositories',
    responses: { 200: { description: 'The repositories, without their credentials.', schema: RepositoryList } },
    errors: [],
    errorPrefix: 'failed to list repositories: ',
  }),
  listCharts: operation({
    method: 'GET',
    path: '/api/v1/chart/{repo}/list',
    tag: 'chart',
    access: anyToken,
    summary: 'List the charts of a repository',
    query: {
      chart: Type.Optional(Type.String({ description: 'Only this chart.', maxLength: 250 })),
      q: Type.Optional(
        Type.String({
          description: 'Only charts with each of these words in their name, keywords or description, ignoring case.',
          maxLength: 256,
        }),
      ),
      versions: Type.Union([Type.Literal('all'), Type.Literal('latest')], {
        description: '`latest`: of each chart only the newest version that is not a pre-release, else its newest.',
        default: 'all',
      }),
      ...pageQuery,
    },
    responses: {
      200: {
        description:
          'Every version of every chart. An entry of the index that was skipped is a warning `INDEX_ENTRY_SKIPPED` in the header `Walm-Warnings`.',
        schema: ChartInfoList,
        streamed: true,
      },
    },
    errors: indexErrors,
    errorPrefix: 'failed to get chart list: ',
  }),
  listChartVersions: operation({
    method: 'GET',
    path: '/api/v1/chart/{repo}/chart/{chart}/versions',
    tag: 'chart',
    access: anyToken,
    summary: 'List the versions of a chart',
    query: pageQuery,
    responses: { 200: { description: 'Its versions, newest first.', schema: ChartInfoList, streamed: true } },
    errors: [...indexErrors, 'CHART_NOT_FOUND'],
    errorPrefix: 'failed to get chart list: ',
    unprefixed: ['CHART_NOT_FOUND'],
  }),
  searchCharts: operation({
    method: 'GET',
    path: '/api/v1/chart/search',
    tag: 'chart',
    access: anyToken,
    summary: 'Search the charts of all repositories',
    description:
      'Repositories are asked side by side; one that does not answer within 3 seconds is named in `unreachable`. An index that was read within a minute is not read again. Registries have no list and are left out.',
    query: {
      q: Type.String({
        description: 'Words, each of which a chart has in its name, keywords or description; empty: all charts.',
        default: '',
        maxLength: 256,
      }),
      limit: Type.Integer({ description: 'Maximum items.', minimum: 1, maximum: 500, default: 50 }),
    },
    responses: { 200: { description: 'The best matches.', schema: ChartSearch } },
    errors: indexErrors,
    errorPrefix: 'failed to search charts: ',
  }),
  ...detailOperations,
  ...repositoryOperations,
};
