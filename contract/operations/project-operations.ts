import { DEFAULT_WAIT_SEC } from '../schemas/default-waits.ts';
import { may, whatIsVisible } from '../schemas/access.ts';
import { operation } from './operation.ts';
import { ProjectInfo, ProjectInfoList, ProjectRequest } from '../schemas/project.ts';
import { deleteProjectQuery, dependencyQuery, projectQuery } from './query-parameters.ts';
import { accepted, done, idempotency } from './release-answers.ts';
import { deleteErrors, installErrors } from './release-errors.ts';

/** The operations on projects. */
export const projectOperations = {
  listProjects: operation({
    method: 'GET',
    path: '/api/v1/project',
    tag: 'project',
    access: whatIsVisible,
    summary: 'List the projects of all namespaces',
    responses: { 200: { description: 'The projects, sorted by namespace and name.', schema: ProjectInfoList } },
    errors: [],
    errorPrefix: 'failed to list all projects : ',
  }),
  listNamespaceProjects: operation({
    method: 'GET',
    path: '/api/v1/project/{namespace}',
    tag: 'project',
    access: may('list'),
    summary: 'List the projects of a namespace',
    responses: { 200: { description: 'The projects, sorted by name.', schema: ProjectInfoList } },
    errors: [],
    errorPrefix: 'failed to list projects in tenant {namespace} : ',
  }),
  getProject: operation({
    method: 'GET',
    path: '/api/v1/project/{namespace}/name/{project}',
    tag: 'project',
    access: may('list'),
    summary: 'Get a project with its releases',
    responses: { 200: { description: 'The project.', schema: ProjectInfo } },
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
      `stays. \`timeoutSec=0\` is ${DEFAULT_WAIT_SEC.project} s.`,
    query: { ...projectQuery, ...dependencyQuery },
    body: {
      kind: 'json',
      schema: ProjectRequest,
      description: 'The releases and their common values.',
      errorPrefix: 'failed to read request body : ',
    },
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: [...installErrors, 'PROJECT_EMPTY', 'PROJECT_EXISTS'],
    errorPrefix: 'failed to create project : ',
    unprefixed: ['PROJECT_EMPTY'],
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
