import { Type } from 'typebox';
import { may, mayCreateOrUpdate, whatIsVisible } from '../schemas/access.ts';
import { doneOrPreview, previewQuery } from './parts/change-preview.ts';
import { AnyObject } from '../schemas/json.ts';
import { DryRunDifference } from '../schemas/object-difference.ts';
import { eventIdHeader } from './parts/list-headers.ts';
import { operation, type BodySpec, type ResponseSpec } from './parts/operation.ts';
import { applyQuery, deleteQuery, dryRunQuery, upgradeQuery } from './parts/query-parameters.ts';
import { allReleasesQuery, releaseListQuery, releaseView } from './parts/release-list-query.ts';
import { accepted, done, idempotency } from './parts/release-answers.ts';
import { archiveErrors, deleteErrors, dryRunErrors, installErrors, upgradeErrors } from './parts/release-errors.ts';
import { ReleaseInfoList, ShownRelease } from '../schemas/release.ts';
import { ReleasePreview } from '../schemas/release-preview.ts';
import { ReleaseRequest } from '../schemas/release-request.ts';

/** Header of a response whose body has no field for warnings. */
export const warningsHeader = { 'Walm-Warnings': 'JSON array of warnings; absent if there are none.' };

const objects = {
  description:
    'The objects in the order in which Helm would install them, the ReleaseConfig last; with `diff=true` the changes. ' +
    'Secret data is `***`.',
  schema: Type.Union([Type.Array(AnyObject), DryRunDifference]),
  headers: warningsHeader,
} as const satisfies ResponseSpec;

/** A release request as the body. */
export const requestBody = {
  kind: 'json',
  schema: ReleaseRequest,
  description: 'The release: name, chart from a repository or as an OCI image, values.',
} as const satisfies BodySpec;

/** A release request together with its chart archive. */
export const requestForm = {
  kind: 'chart-form',
  schema: ReleaseRequest,
  description: 'The release with its chart archive, which takes precedence over every other chart source.',
} as const satisfies BodySpec;

/** The operations on releases. */
export const releaseOperations = {
  listReleases: operation({
    method: 'GET',
    path: '/api/v1/release',
    tag: 'release',
    access: whatIsVisible,
    summary: 'List the releases of all namespaces',
    query: allReleasesQuery,
    servesStale: true,
    responses: {
      200: { description: 'The releases, in the order of `sort`.', schema: ReleaseInfoList, headers: eventIdHeader },
    },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list release: ',
  }),
  listNamespaceReleases: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}',
    tag: 'release',
    access: may('list'),
    summary: 'List the releases of a namespace',
    query: releaseListQuery,
    servesStale: true,
    responses: {
      200: { description: 'The releases, in the order of `sort`.', schema: ReleaseInfoList, headers: eventIdHeader },
    },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list release: ',
  }),
  getRelease: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}',
    tag: 'release',
    access: may('get'),
    summary: 'Get a release with its live status',
    query: { view: releaseView },
    servesStale: true,
    responses: { 200: { description: 'The release.', schema: ShownRelease, headers: eventIdHeader } },
    errors: ['RELEASE_NOT_FOUND'],
    errorPrefix: 'failed to get release {release}: ',
    unprefixed: ['RELEASE_NOT_FOUND'],
  }),
  installRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}',
    tag: 'release',
    access: may('create'),
    summary: 'Install a release from a repository or an OCI image',
    description: 'Returns when Helm is done, not when the pods are ready; see the field `ready` of the release.',
    query: applyQuery,
    body: requestBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: installErrors,
    errorPrefix: 'failed to install release: ',
  }),
  installReleaseWithChart: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/withchart',
    tag: 'release',
    access: may('create'),
    summary: 'Install a release from an uploaded chart archive',
    query: applyQuery,
    body: requestForm,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...installErrors, ...archiveErrors],
    errorPrefix: 'failed to install release: ',
  }),
  upgradeRelease: operation({
    method: 'PUT',
    path: '/api/v1/release/{namespace}',
    tag: 'release',
    access: may('update'),
    summary: 'Upgrade a release to a chart from a repository or an OCI image, or keep its chart',
    description:
      'Everything that the request does not mention stays as recorded: values, labels, dependencies, plugins, and the chart if the request names no source.',
    query: upgradeQuery,
    body: requestBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: upgradeErrors,
    errorPrefix: 'failed to upgrade release: ',
  }),
  upgradeReleaseWithChart: operation({
    method: 'PUT',
    path: '/api/v1/release/{namespace}/withchart',
    tag: 'release',
    access: may('update'),
    summary: 'Upgrade a release to an uploaded chart archive',
    query: upgradeQuery,
    body: requestForm,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...upgradeErrors, ...archiveErrors],
    errorPrefix: 'failed to upgrade release: ',
  }),
  dryRunRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/dryrun',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Render what an install would create',
    description: 'Like `helm install --dry-run=server`: with live lookups and capabilities; nothing is written.',
    query: dryRunQuery,
    body: requestBody,
    responses: { 200: objects },
    errors: dryRunErrors,
    errorPrefix: 'failed to dry run release: ',
  }),
  dryRunReleaseWithChart: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/dryrun/withchart',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Render what an install from an uploaded chart archive would create',
    query: dryRunQuery,
    body: requestForm,
    responses: { 200: objects },
    errors: [...dryRunErrors, ...archiveErrors],
    errorPrefix: 'failed to dry run install release: ',
  }),
  dryRunReleaseWithChartAlias: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/dryrun/withchart/dryrun',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Render what an install would create (alias)',
    query: dryRunQuery,
    body: requestForm,
    responses: { 200: objects },
    errors: [...dryRunErrors, ...archiveErrors],
    errorPrefix: 'failed to dry run install release: ',
  }),
  previewRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/preview',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Preview an install or upgrade',
    description:
      'One rendering tells everything: whether it would be an install or an upgrade, each object that would differ with ' +
      'both texts, totals and quotas, the dependents that would follow, and warnings. What the change would be refused ' +
      'for is the error that it would have, with the same code. Nothing is written.',
    query: {
      crds: applyQuery.crds,
      forceConflicts: dryRunQuery.forceConflicts,
      resetValues: dryRunQuery.resetValues,
      recreate: dryRunQuery.recreate,
      validate: dryRunQuery.validate,
      createNamespace: dryRunQuery.createNamespace,
      strict: dryRunQuery.strict,
    },
    body: {
      kind: 'json-or-form',
      schema: ReleaseRequest,
      description: 'The release, as for an install or upgrade; as a form with its chart archive.',
    },
    responses: { 200: { description: 'What the change would do. Secrets are `***`.', schema: ReleasePreview } },
    errors: [...dryRunErrors, ...archiveErrors],
    errorPrefix: 'failed to preview release: ',
  }),
  deleteRelease: operation({
    method: 'DELETE',
    path: '/api/v1/release/{namespace}/name/{release}',
    tag: 'release',
    access: may('delete'),
    summary: 'Delete a release',
    description: 'A synchronous delete returns when the resources are gone.',
    query: { ...deleteQuery, ...previewQuery },
    requestHeaders: idempotency,
    responses: { 200: doneOrPreview, 202: accepted },
    errors: deleteErrors,
    errorPrefix: 'failed to delete release: ',
  }),
};
