import { problem, type ProblemError } from '../errors/problem-error.ts';

/** The problem of changing anything in Walm's own namespace, whose objects control every release. */
export function namespaceReserved(namespace: string): ProblemError {
  return problem(
    'NAMESPACE_RESERVED',
    `the namespace ${namespace} is Walm's own and cannot contain releases: choose another one`,
    { namespace },
    { kind: 'Namespace', name: namespace },
  );
}
