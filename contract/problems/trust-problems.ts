import type { ProblemKind } from './problem-kind.ts';

/** Who may act on what, beside what the cluster says of callers, in alphabetical order. */
export const trustProblems = {
  NAMESPACE_RESERVED: {
    status: 422,
    title: "The namespace is Walm's own",
    retryable: false,
    remedy: 'Use another namespace: neither releases nor objects of charts may lie in the one named in `details`.',
  },
} as const satisfies Record<string, ProblemKind>;
