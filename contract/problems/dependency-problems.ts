import type { ProblemKind } from './problem-kind.ts';

/** Errors of outputs and of dependencies between releases, in alphabetical order. */
export const dependencyProblems = {
  DEPENDENCY_CYCLE: {
    status: 422,
    title: 'The dependencies form a cycle',
    retryable: false,
    remedy: 'Remove one of the dependencies on the path in the message.',
  },
  DEPENDENCY_INVALID: {
    status: 422,
    title: 'A dependency is not valid',
    retryable: false,
    remedy: 'Write the dependency as `release` or `namespace/release`.',
  },
  DEPENDENCY_NOT_FOUND: {
    status: 422,
    title: 'A dependency of the release does not exist',
    retryable: false,
    remedy: 'Install the dependency first, leave it out, or send `allowMissing=true`.',
  },
  DEPENDENCY_NOT_READY: {
    status: 422,
    title: 'A dependency of the release did not become ready',
    retryable: true,
    remedy: 'Look at `waitingFor` of the dependency and send the request again, or send `waitReady=false`.',
  },
  DEPENDENCY_VERSION: {
    status: 422,
    title: 'A dependency of the release has the wrong chart version',
    retryable: false,
    remedy: 'Depend on a release whose chart version is within the range in the message.',
  },
  OUTPUT_INVALID: {
    status: 422,
    title: 'An output is not valid',
    retryable: false,
    remedy:
      'Write `values:path`, `service:name.address`, `configmap:name.key` or `secret:name.key`; see docs/guide/outputs.md.',
  },
  OUTPUT_SHAPES_OBJECTS: {
    status: 422,
    title: 'An output would change the structure of objects',
    retryable: false,
    remedy:
      'Quote the value in the template that the message names, or have the other release publish a plain value; see docs/guide/outputs.md.',
  },
  RELEASE_HAS_DEPENDENTS: {
    status: 409,
    title: 'Other releases depend on the release',
    retryable: false,
    remedy: 'Remove the dependency from the releases in `details`, or send `force=true`.',
  },
} as const satisfies Record<string, ProblemKind>;
