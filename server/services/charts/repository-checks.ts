import { cutName } from '../../domain/bounds/cut-name.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
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

/** Remembers how reading each configured repository went. */
export interface RepositoryChecks {
  /** Notes how a reading ends, and passes it on. */
  note(name: string, reading: Promise<RepositoryPage>): Promise<RepositoryPage>;
  /** Undefined if the index has not been read yet. */
  of(name: string): RepositoryCheck | undefined;
}

const MAX_MESSAGE = 500;

export function createRepositoryChecks(clock: Pick<Clock, 'now'>): RepositoryChecks {
  const checks = new Map<string, RepositoryCheck>();
  return {
    of: (name) => checks.get(name),
    async note(name, reading) {
      const checkedAt = () => new Date(clock.now()).toISOString();
      try {
        const page = await reading;
        checks.set(name, { reachable: true, checkedAt: checkedAt(), message: '', charts: page.chartCount });
        return page;
      } catch (error) {
        // A caller that gives up, or has no place, says nothing about the repository.
        if (error instanceof ProblemError && /^(REPOSITORY|ADDRESS|DOWNLOAD)_/.test(error.code)) {
          const charts = checks.get(name)?.charts ?? null;
          const message = cutName(error.message, MAX_MESSAGE);
          checks.set(name, { reachable: false, checkedAt: checkedAt(), message, charts });
        }
        throw error;
      }
    },
  };
}
