import type { ProjectPlan } from '../../../contract/schemas/project-preview.ts';
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

/** The problem of a release that is not a member of the project, in the original Walm's words. */
export function memberNotFound(namespace: string, project: string, name: string): ProblemError {
  const object = { kind: 'Release', namespace, name };
  return problem('MEMBER_NOT_FOUND', `release ${name} is not found in project ${project}`, {}, object);
}

/** The problem of a release that is a member of another project. */
export function memberElsewhere(namespace: string, name: string, project: string): ProblemError {
  const object = { kind: 'Release', namespace, name };
  return problem(
    'MEMBER_ELSEWHERE',
    `release ${namespace}/${name} is a member of project ${project}`,
    { project },
    object,
  );
}

/** The problem of a plan that cannot be carried out as it was seen; `plan` is the one that was made now. */
export function planStale(plan: ProjectPlan): ProblemError {
  const { namespace, name } = plan;
  return problem(
    'PLAN_STALE',
    `project ${namespace}/${name} has changed since the plan was made, or its request or charts have: see details.plan`,
    { plan },
    { kind: 'Project', namespace, name },
  );
}
