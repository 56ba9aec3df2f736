import { cutName } from '../../domain/bounds/cut-name.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { RepositoryPage } from '../../ports/helm/helm-chart.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

/** What was seen of a repository when its index was read last. */
export interface RepositoryCheck {
  readonly reachable: boolean;
  /** RFC 3339. */
  readonly checkedAt: string;
  /** Why its index could not be read; empty if it could. */
  readonly message: string;
  /** Charts in the index that was read last; null if none was. */
  readonly charts: number | null;
}

/** Remembers how reading each repository went, as long as it is the same: another one of its name has not been read. */
export interface RepositoryChecks {
  /** Notes how a reading ends, and passes it on. */
  note(repository: ChartRepository, reading: Promise<RepositoryPage>): Promise<RepositoryPage>;
  /** Undefined if the index has not been read yet. */
  of(repository: ChartRepository): RepositoryCheck | undefined;
}

/** Whether an error says something about the repository: a caller that gives up, or has no place, does not. */
export function isAboutRepository(error: unknown): error is ProblemError {
  return error instanceof ProblemError && /^(REPOSITORY|ADDRESS|DOWNLOAD)_/.test(error.code);
}

const MAX_MESSAGE = 500;

/** `newerVersions.seen` is called after each index that was read. */
export function createRepositoryChecks(
  clock: Pick<Clock, 'now'>,
  newerVersions: { seen(repository: ChartRepository): void },
): RepositoryChecks {
  const checks = new WeakMap<ChartRepository, RepositoryCheck>();
  return {
    of: (repository) => checks.get(repository),
    async note(repository, reading) {
      const checkedAt = () => new Date(clock.now()).toISOString();
      try {
        const page = await reading;
        checks.set(repository, { reachable: true, checkedAt: checkedAt(), message: '', charts: page.chartCount });
        newerVersions.seen(repository);
        return page;
      } catch (error) {
        if (isAboutRepository(error)) {
          const charts = checks.get(repository)?.charts ?? null;
          const message = cutName(error.message, MAX_MESSAGE);
          checks.set(repository, { reachable: false, checkedAt: checkedAt(), message, charts });
        }
        throw error;
      }
    },
  };
}
