import { Type } from 'typebox';
import { mayReadRecords } from '../schemas/access.ts';
import { Bytes, etagHeaders, ifNoneMatch, notModified } from './parts/byte-answers.ts';
import { operation } from './parts/operation.ts';
import { listQuery } from './parts/query-parameters.ts';
import { clusterErrors } from './parts/release-errors.ts';
import { ReleaseValues, Revision, RevisionDifference, RevisionList } from '../schemas/release-history.ts';

const revision = Type.Optional(Type.Integer({ description: 'Revision; absent: the newest.', minimum: 1 }));
const errors = [...clusterErrors, 'RELEASE_NOT_FOUND', 'RELEASE_UNREADABLE', 'REVISION_NOT_FOUND'] as const;
const unprefixed = ['RELEASE_NOT_FOUND'] as const;

/** The operations that read the history of a release. */
export const historyOperations = {
  listRevisions: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/history',
    tag: 'release',
    access: mayReadRecords,
    summary: 'List the revisions of a release, newest first',
    query: { limit: listQuery.limit, continue: listQuery.continue },
    responses: { 200: { description: 'The revisions, with their caller and cause.', schema: RevisionList } },
    errors: [...clusterErrors, 'QUERY_INVALID', 'RELEASE_NOT_FOUND', 'RELEASE_UNREADABLE'],
    errorPrefix: 'failed to get history of release {release}: ',
    unprefixed,
  }),
  getRevision: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/history/{revision}',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Get a revision with its values, manifest, cause and caller',
    responses: { 200: { description: 'The revision; secrets are `***`.', schema: Revision } },
    errors,
    errorPrefix: 'failed to get revision {revision} of release {release}: ',
    unprefixed,
  }),
  compareRevisions: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/diff',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Compare two revisions, object by object',
    query: {
      from: Type.Optional(Type.Integer({ description: 'First revision; absent: the one before `to`.', minimum: 1 })),
      to: revision,
    },
    responses: { 200: { description: 'The changes; secrets are `***`.', schema: RevisionDifference } },
    errors,
    errorPrefix: 'failed to compare revisions of release {release}: ',
    unprefixed,
  }),
  showManifest: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/manifest',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Get the recorded manifest as YAML',
    description: 'As `helm get manifest` prints it, except that documents with secrets are re-encoded with `***`.',
    query: { revision, hooks: Type.Boolean({ description: "Include the chart's hooks.", default: false }) },
    responses: {
      200: { description: 'The manifest.', schema: Type.String(), contentType: 'application/yaml' },
    },
    errors,
    errorPrefix: 'failed to get manifest of release {release}: ',
    unprefixed,
  }),
  showValues: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/values',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Get the values of a release and the layer each comes from',
    query: {
      revision,
      origin: Type.Boolean({ description: 'Report for every value which layer it comes from.', default: false }),
    },
    responses: { 200: { description: 'The values; secrets are `***`.', schema: ReleaseValues } },
    errors,
    errorPrefix: 'failed to get values of release {release}: ',
    unprefixed,
  }),
  showNotes: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/notes',
    tag: 'release',
    access: mayReadRecords,
    summary: "Get the chart's rendered NOTES",
    query: { revision },
    responses: {
      200: {
        description: 'The notes; empty if the chart has none.',
        schema: Type.Object({ revision: Type.Integer(), notes: Type.String() }, { $id: 'ReleaseNotes' }),
      },
    },
    errors,
    errorPrefix: 'failed to get notes of release {release}: ',
    unprefixed,
  }),
  getReleaseChart: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/chart',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Download the chart of a release',
    description:
      'The archive that the namespace keeps, byte for byte. Where none is kept, what Helm recorded of the chart, without its subcharts, and a warning.',
    query: { revision },
    requestHeaders: ifNoneMatch,
    responses: {
      200: { description: 'The packaged chart.', schema: Bytes, contentType: 'application/gzip', headers: etagHeaders },
      304: notModified,
    },
    errors: [...errors, 'CANCELLED', 'CHART_NOT_RECORDED', 'CHART_TOO_LARGE', 'ENGINE_BUSY'],
    errorPrefix: 'failed to get the chart of release {release}: ',
    unprefixed,
  }),
};
