import type { ProblemKind } from './problem-kind.ts';

/** Errors of outputs and of dependencies between releases, in alphabetical order. */
export const dependencyProblems = {
  DEPENDENCY_CYCLE: {
    status: 422,
    title: 'The dependencies form a cycle',
    retryable: false,
    remedy: 'Leave one of the dependencies out of the path in the message.',
  },
  DEPENDENCY_INVALID: {
    status: 422,
    title: 'A dependency cannot be understood',
    retryable: false,
    remedy: 'Name it as `release` or `namespace/release`.',
  },
  DEPENDENCY_NOT_FOUND: {
    status: 422,
    title: 'A release that is depended on does not exist',
    retryable: false,
    remedy: 'Install it first, leave the dependency out, or send `allowMissing=true`.',
  },
  DEPENDENCY_NOT_READY: {
    status: 422,
    title: 'A release that is depended on did not become ready',
    retryable: true,
    remedy: 'See what it waits for and send the request again, or send it with `waitReady=false`.',
  },
  DEPENDENCY_VERSION: {
    status: 422,
    title: 'A release that is depended on has the wrong chart version',
    retryable: false,
    remedy: 'Depend on a release whose chart version lies between the two in the message.',
  },
  OUTPUT_INVALID: {
    status: 422,
    title: 'An output cannot be understood',
    retryable: false,
    remedy:
      'Write `values:path`, `service:name.address`, `configmap:name.key` or `secret:name.key`; see the guide to outputs.',
  },
  RELEASE_HAS_DEPENDENTS: {
    status: 409,
    title: 'Other releases depend on the release',
    retryable: false,
    remedy: 'Remove the dependency from the releases in `details`, or send `force=true`.',
  },
} as const satisfies Record<string, ProblemKind>;
