import { Type } from 'typebox';
import { mayExport, mayReadRecords } from '../schemas/access.ts';
import { NamespaceExport, ProjectExport, ReleaseExport } from '../schemas/project.ts';
import { operation } from './parts/operation.ts';
import { clusterErrors } from './parts/release-errors.ts';
import { warningsHeader } from './release-operations.ts';

const how =
  'Secrets are `***`, which leaves them as they are; `secrets=true` shows them, which needs the right to `get secrets`. A chart that ' +
  'came from an archive is not named. `Accept: application/yaml` gets YAML. In the audit log.';

/** What all exports have in common. */
const exported = {
  method: 'GET',
  query: { secrets: Type.Boolean({ description: 'Show secret values.', default: false }) },
  holdsSecrets: true,
  audited: true,
} as const;
const errors = [...clusterErrors, 'CHART_NOT_RECORDED', 'RELEASE_TOO_LARGE', 'RELEASE_UNREADABLE'] as const;
const alternatives = ['application/yaml'] as const;
const headers = { ...warningsHeader, Vary: '`Accept`.' };

/** The operations that write down what is there, as requests. */
export const exportOperations = {
  exportProject: operation({
    ...exported,
    path: '/api/v1/project/{namespace}/name/{project}/export',
    tag: 'project',
    access: mayExport,
    summary: 'Write a project down as the request that makes it',
    description: `Applied to the same place, it changes nothing. ${how}`,
    responses: { 200: { description: 'The project.', schema: ProjectExport, alternatives, headers } },
    errors: [...errors, 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to export project : ',
    unprefixed: ['PROJECT_NOT_FOUND'],
  }),
  exportRelease: operation({
    ...exported,
    path: '/api/v1/release/{namespace}/name/{release}/export',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Write a release down as the request that makes it',
    description: `As a project with this release alone. ${how}`,
    responses: { 200: { description: 'The release.', schema: ReleaseExport, alternatives, headers } },
    errors: [...errors, 'RELEASE_NOT_FOUND'],
    errorPrefix: 'failed to export release {release}: ',
    unprefixed: ['RELEASE_NOT_FOUND'],
  }),
  exportNamespace: operation({
    ...exported,
    path: '/api/v1/release/{namespace}/export',
    tag: 'release',
    access: mayExport,
    summary: 'Write the projects and releases of a namespace down',
    description: `Releases that Walm has never changed are only named. ${how}`,
    responses: { 200: { description: 'What is there.', schema: NamespaceExport, alternatives, headers } },
    errors: [...errors, 'RELEASE_NOT_FOUND'],
    errorPrefix: 'failed to export namespace {namespace}: ',
  }),
};
