import { problem, type ProblemError } from './problem-error.ts';

/** The problem of creating a project that exists. */
export function projectExists(namespace: string, name: string): ProblemError {
  const object = { kind: 'Project', namespace, name };
  return problem('PROJECT_EXISTS', `the project ${namespace}/${name} exists already`, {}, object);
}

/** The problem of a project that does not exist, in the original Walm's words. */
export function projectNotFound(namespace: string, name: string): ProblemError {
  const object = { kind: 'Project', namespace, name };
  return problem('PROJECT_NOT_FOUND', `project ${namespace}/${name} is not found`, {}, object);
}
