import { chartProblems } from './chart-problems.ts';
import { clusterProblems } from './cluster-problems.ts';
import { dependencyProblems } from './dependency-problems.ts';
import { objectProblems } from './object-problems.ts';
import type { ProblemKind } from './problem-kind.ts';
import { projectProblems } from './project-problems.ts';
import { releaseProblems } from './release-problems.ts';
import { requestProblems } from './request-problems.ts';
import { trustProblems } from './trust-problems.ts';

/**
 * Every error of the API, by its stable code. Clients branch on the code, never on message texts. Codes are never
 * renamed; the reference page is generated from here. No schema is imported, so that walmctl can have it, too.
 */
export const problemCatalogue = {
  ...chartProblems,
  ...clusterProblems,
  ...dependencyProblems,
  ...objectProblems,
  ...projectProblems,
  ...releaseProblems,
  ...requestProblems,
  ...trustProblems,
} satisfies Record<string, ProblemKind>;
