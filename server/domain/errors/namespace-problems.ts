import { problem, type ProblemError } from './problem-error.ts';

/** The problem of a change in a namespace that does not exist, in Kubernetes' words. */
export function namespaceNotFound(namespace: string): ProblemError {
  const object = { kind: 'Namespace', name: namespace };
  return problem('NAMESPACE_NOT_FOUND', `namespaces "${namespace}" not found`, {}, object);
}
