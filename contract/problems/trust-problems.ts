import type { ProblemKind } from './problem-kind.ts';

/** Errors of permissions besides those of the cluster, in alphabetical order. */
export const trustProblems = {
  NAMESPACE_RESERVED: {
    status: 422,
    title: 'The namespace is reserved for Walm',
    retryable: false,
    remedy: 'Use another namespace: releases and objects of charts are not allowed in the one named in `details`.',
  },
} as const satisfies Record<string, ProblemKind>;
