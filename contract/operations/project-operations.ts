import { DEFAULT_WAIT_SEC } from '../schemas/default-waits.ts';
import { may, mayCreateOrUpdate, whatIsVisible } from '../schemas/access.ts';
import { eventIdHeader } from './parts/list-headers.ts';
import { operation, type BodySpec } from './parts/operation.ts';
import { Type } from 'typebox';
import { AnyObject } from '../schemas/json.ts';
import { MemberTotals, ProjectDifference, ProjectPlan, ProjectTotals } from '../schemas/project-preview.ts';
import { ProjectInfo, ProjectInfoList, ProjectRequest } from '../schemas/project.ts';
import { projectListQuery, projectView } from './parts/project-list-query.ts';
import {
  addMemberQuery,
  applyProjectQuery,
  deleteProjectQuery,
  dependencyQuery,
  projectPreviewQuery,
  projectQuery,
  projectTotalsQuery,
  removeMemberQuery,
  restartProjectQuery,
  upgradeQuery,
} from './parts/query-parameters.ts';
import { accepted, done, idempotency } from './parts/release-answers.ts';
import { requestBody, warningsHeader } from './release-operations.ts';
import {
  deleteErrors,
  dryRunErrors,
  installErrors,
  restartErrors,
  rewriteErrors,
  upgradeErrors,
} from './parts/release-errors.ts';

/** The body that names the releases of a project. */
const projectBody = {
  kind: 'json',
  schema: ProjectRequest,
  description: 'The releases and their common values.',
  errorPrefix: 'failed to read request body : ',
} as const satisfies BodySpec;

const previewed =
  'A release that the project has already is previewed as an upgrade, which needs the right for that. Every release is judged: ' +
  'the error is that of the first one that is refused, and `details.releases` names all of them. Nothing is written.';

const added =
  'A project that does not exist is created. A release that is a member already is upgraded. Members whose charts depend on the ' +
  'chart of a new one, and have no entry for it, get that dependency. Both need the right to upgrade.';

const memberErrors = [...upgradeErrors, 'MEMBER_ELSEWHERE', 'PROJECT_EMPTY'] as const;

/** The operations on projects. */
export const projectOperations = {
  listProjects: operation({
    method: 'GET',
    path: '/api/v1/project',
    tag: 'project',
    access: whatIsVisible,
    summary: 'List the projects of all namespaces',
    query: projectListQuery,
    responses: {
      200: { description: 'The projects, in the order of `sort`.', schema: ProjectInfoList, headers: eventIdHeader },
    },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list all projects : ',
  }),
  listNamespaceProjects: operation({
    method: 'GET',
    path: '/api/v1/project/{namespace}',
    tag: 'project',
    access: may('list'),
    summary: 'List the projects of a namespace',
    query: projectListQuery,
    responses: {
      200: { description: 'The projects, in the order of `sort`.', schema: ProjectInfoList, headers: eventIdHeader },
    },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list projects in tenant {namespace} : ',
  }),
  getProject: operation({
    method: 'GET',
    path: '/api/v1/project/{namespace}/name/{project}',
    tag: 'project',
    access: may('list'),
    summary: 'Get a project with its releases',
    query: { view: projectView },
    responses: { 200: { description: 'The project.', schema: ProjectInfo, headers: eventIdHeader } },
    errors: ['PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to get project info : ',
    unprefixed: ['PROJECT_NOT_FOUND'],
  }),
  createProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}',
    tag: 'project',
    access: may('create'),
    summary: 'Create a project: install several releases together',
    description:
      'A release is installed after those that it depends on. The first one that fails ends it; what was installed ' +
      'stays, and the same request again does what is left, which needs the right to update. ' +
      ` \`timeoutSec=0\` is ${DEFAULT_WAIT_SEC.project} s.`,
    query: { ...projectQuery, ...dependencyQuery },
    body: projectBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...installErrors, 'PROJECT_EMPTY', 'PROJECT_EXISTS'],
    errorPrefix: 'failed to create project : ',
    unprefixed: ['PROJECT_EMPTY'],
  }),
  applyProject: operation({
    method: 'PUT',
    path: '/api/v1/project/{namespace}/name/{project}',
    tag: 'project',
    access: mayCreateOrUpdate,
    summary: 'Make a project what the request says',
    description:
      'The request is all that the project is to be. What it does not name of a release goes back to the chart: values, labels, ' +
      'plugins, dependencies, outputs, strategy, onFailure; `***` leaves a secret as it is. A chart without a version is the version that ' +
      'is there. Releases that are as they are wanted stay untouched. Releases that are not named stay, or are removed with ' +
      '`remove=true`, after everything else. Steps that do not depend on each other run side by side. The same request again does ' +
      'what is left: an error has each step in `details.steps`. The caller needs the rights of every step: to create, update and ' +
      `delete. \`timeoutSec=0\` is ${DEFAULT_WAIT_SEC.project} s.`,
    query: applyProjectQuery,
    body: projectBody,
    requestHeaders: idempotency,
    responses: {
      200: {
        ...done,
        description: `${done.description} With \`dryrun=true\`: the plan.`,
        schema: Type.Union([done.schema, ProjectPlan]),
      },
      202: accepted,
    },
    errors: [
      ...upgradeErrors,
      'MEMBER_ELSEWHERE',
      'PLAN_STALE',
      'PROJECT_EMPTY',
      'RELEASE_HAS_DEPENDENTS',
      'REVISION_NOT_FOUND',
    ],
    errorPrefix: 'failed to apply project : ',
    unprefixed: ['PROJECT_EMPTY'],
  }),
  dryRunProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/dryrun',
    tag: 'project',
    access: may('create'),
    summary: 'Render what the releases of a project would create',
    description: `Each release gets the outputs that those before it would have. ${previewed}`,
    query: projectPreviewQuery,
    body: projectBody,
    responses: {
      200: {
        description:
          'The objects of all releases in the order in which they would be installed; with `diff=true` the changes, release by ' +
          'release. Secret data is `***`.',
        schema: Type.Union([Type.Array(AnyObject), ProjectDifference]),
        headers: warningsHeader,
      },
    },
    errors: [...dryRunErrors, 'PROJECT_EMPTY', 'RELEASE_EXISTS'],
    errorPrefix: 'failed to dryrun project : ',
    unprefixed: ['PROJECT_EMPTY'],
  }),
  estimateProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/dryrun/resources',
    tag: 'project',
    access: may('create'),
    summary: 'Compute the resources that the releases of a project would request',
    description: `In cores, Mi and Gi. ${previewed}`,
    query: projectTotalsQuery,
    body: projectBody,
    responses: {
      200: {
        description: 'The resources of each release; with `sum=true` also those of all together.',
        schema: Type.Union([Type.Array(MemberTotals), ProjectTotals]),
        headers: warningsHeader,
      },
    },
    errors: [...dryRunErrors, 'PROJECT_EMPTY', 'RELEASE_EXISTS'],
    errorPrefix: 'failed to compute resources project : ',
    unprefixed: ['PROJECT_EMPTY'],
  }),
  addMember: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/instance',
    tag: 'project',
    access: may('create'),
    summary: 'Add a release to a project',
    description: added,
    query: addMemberQuery,
    body: requestBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: memberErrors,
    errorPrefix: 'failed to add release in project : ',
  }),
  addMembers: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/project',
    tag: 'project',
    access: may('create'),
    summary: 'Add several releases to a project',
    description: `${added} \`commonValues\` are those of the new releases.`,
    query: addMemberQuery,
    body: projectBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: memberErrors,
    errorPrefix: 'failed to add releases in project : ',
    unprefixed: ['PROJECT_EMPTY'],
  }),
  upgradeMember: operation({
    method: 'PUT',
    path: '/api/v1/project/{namespace}/name/{project}/instance',
    tag: 'project',
    access: may('update'),
    summary: 'Upgrade a release of a project',
    description: 'Like the upgrade of a release, for a member of the project only; its common values stay.',
    query: upgradeQuery,
    body: requestBody,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...upgradeErrors, 'MEMBER_NOT_FOUND', 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to upgrade release in project : ',
  }),
  removeMember: operation({
    method: 'DELETE',
    path: '/api/v1/project/{namespace}/name/{project}/instance/{release}',
    tag: 'project',
    access: may('delete'),
    summary: 'Delete a release of a project',
    description:
      'Refused while other releases depend on it. `unwire=true` upgrades those of the project first, without the dependency, ' +
      'which needs the right for that.',
    query: removeMemberQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...deleteErrors, 'MEMBER_NOT_FOUND', 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to delete release in project : ',
  }),
  pauseProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/pause',
    tag: 'project',
    access: may('update'),
    summary: 'Pause the releases of a project',
    description:
      'Dependents first, each like the pause of a release; what keeps running is a warning. Those that are paused stay so.',
    query: projectQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...rewriteErrors, 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to pause project : ',
  }),
  recoverProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/recover',
    tag: 'project',
    access: may('update'),
    summary: 'Recover the paused releases of a project',
    description: 'Providers first, each like the recovery of a release.',
    query: projectQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...rewriteErrors, 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to recover project : ',
  }),
  restartProject: operation({
    method: 'POST',
    path: '/api/v1/project/{namespace}/name/{project}/restart',
    tag: 'project',
    access: may('update'),
    summary: 'Restart the pods of the releases of a project',
    description: 'Providers first, each like the restart of a release; refused while one of them is paused.',
    query: restartProjectQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...restartErrors, 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to restart project : ',
  }),
  deleteProject: operation({
    method: 'DELETE',
    path: '/api/v1/project/{namespace}/name/{project}',
    tag: 'project',
    access: may('delete'),
    summary: 'Delete a project with all its releases',
    description: `A release is deleted before those that it depends on. \`timeoutSec=0\` is ${DEFAULT_WAIT_SEC.project} s.`,
    query: deleteProjectQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...deleteErrors, 'PROJECT_NOT_FOUND'],
    errorPrefix: 'failed to delete project : ',
  }),
};
