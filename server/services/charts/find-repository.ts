import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';

/**
 * The configured repository of this name. `message` is what the problem says without one: the original Walm said it
 * differently in lists and in installs.
 * @throws ProblemError REPOSITORY_NOT_FOUND
 */
export function findRepository(
  repositories: readonly ChartRepository[],
  name: string,
  message: string,
): ChartRepository {
  const repository = repositories.find((candidate) => candidate.name === name);
  if (repository === undefined) throw repositoryNotFound(name, message);
  return repository;
}

/** The problem of a name that no repository has. */
export function repositoryNotFound(name: string, message = `can't find repo name ${name}`): ProblemError {
  return problem('REPOSITORY_NOT_FOUND', message, { repository: name });
}
