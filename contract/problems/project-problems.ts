import type { ProblemKind } from './problem-kind.ts';

/** Errors of projects, in alphabetical order. */
export const projectProblems = {
  MEMBER_ELSEWHERE: {
    status: 409,
    title: 'The release is a member of another project',
    retryable: false,
    remedy: 'Choose another name, or remove the release from the other project first.',
  },
  MEMBER_NOT_FOUND: {
    status: 404,
    title: 'The project has no release of this name',
    retryable: false,
    remedy: 'Check the names of the project and of the release.',
  },
  PLAN_STALE: {
    status: 409,
    title: 'The project has changed since the plan was made',
    retryable: false,
    remedy: 'Look at the new plan in `details.plan`, and send its digest.',
  },
  PROJECT_EMPTY: {
    status: 422,
    title: 'A project needs at least one release',
    retryable: false,
    remedy: 'Name at least one release in `releases`.',
  },
  PROJECT_EXISTS: {
    status: 409,
    title: 'A project of this name already exists in the namespace',
    retryable: false,
    remedy: 'Choose another name, or delete the project first.',
  },
  PROJECT_NOT_FOUND: {
    status: 404,
    title: 'The project does not exist',
    retryable: false,
    remedy: 'Check the namespace and the name; `GET /api/v1/project` lists the projects.',
  },
} as const satisfies Record<string, ProblemKind>;
