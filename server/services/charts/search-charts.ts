import type { ChartSearch } from '../../../contract/schemas/charts/chart-list.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import type { ChartRepository, RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { RepositoryPage } from '../../ports/helm/helm-chart.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { describeVersions } from './list-charts.ts';
import { isRegistry } from './list-repositories.ts';
import type { RepositoryChecks } from './repository-checks.ts';

export interface SearchChartsDeps {
  readonly repositories: RepositoriesNow;
  readonly engine: Pick<HelmCharts, 'listRepository'>;
  readonly checks: Pick<RepositoryChecks, 'note'>;
  readonly clock: Pick<Clock, 'after'>;
}

/**
 * Searches all repositories side by side: each chart once, at its newest version, names that match before texts that do.
 * A repository that fails, or does not answer in time, is named; its index is then read on for the next search.
 * @throws ProblemError REPOSITORY_UNREACHABLE if none could be looked into
 */
export type SearchCharts = (
  search: { text: string; limit: number },
  caller: Caller | null,
  signal: AbortSignal,
) => Promise<ChartSearch>;

/** How long one repository may take. */
const PATIENCE_MS = 3_000;
/** For how long an index is used as it was read: searching as one types must not ask every repository each time. */
const FRESH_SEC = 60;

type Outcome =
  | { readonly name: string; readonly page: RepositoryPage }
  | { readonly name: string; readonly failure: ProblemError };

export function createSearchCharts({ repositories, engine, checks, clock }: SearchChartsDeps): SearchCharts {
  /** Readings of indexes that are under way, by repository; searches no longer wait for all of them. */
  const reading = new Map<ChartRepository, Promise<unknown>>();

  /** Reads an index into the engine's cache, at most once at a time, and not for one caller only. */
  function warm(repository: ChartRepository, caller: Caller | null): Promise<unknown> {
    const { url, access } = repository;
    const running = reading.get(repository);
    if (running !== undefined) return running;
    const part = { versions: 1, freshSec: FRESH_SEC };
    const started = checks.note(
      repository,
      engine.listRepository({ ...access, url }, part, { sharer: sharerOf(caller) }),
    );
    const known = started.finally(() => reading.delete(repository));
    reading.set(repository, known);
    return known;
  }

  async function look(
    repository: ChartRepository,
    text: string,
    limit: number,
    caller: Caller | null,
    signal: AbortSignal,
  ) {
    const { name, url, access } = repository;
    await warm(repository, caller);
    const part = { query: text, latest: true, ranked: true, versions: limit, freshSec: FRESH_SEC };
    return { name, page: await engine.listRepository({ ...access, url }, part, { signal, sharer: sharerOf(caller) }) };
  }

  function inTime(name: string, looking: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(PATIENCE_MS, () =>
        resolve({
          name,
          failure: problem(
            'REPOSITORY_UNREACHABLE',
            `chart repository ${name} has not answered within ${PATIENCE_MS / 1000} s: its index is still being read`,
          ),
        }),
      );
      void looking
        .then(resolve, (error: unknown) =>
          error instanceof ProblemError && error.code !== 'CANCELLED'
            ? resolve({ name, failure: error })
            : reject(error),
        )
        .finally(cancel);
    });
  }

  return async function searchCharts({ text, limit }, caller, signal) {
    const searched = repositories().filter((repository) => !isRegistry(repository));
    const outcomes = await Promise.all(
      searched.map((repository) => inTime(repository.name, look(repository, text, limit, caller, signal))),
    );
    const found = outcomes.flatMap((outcome) => ('page' in outcome ? [outcome] : []));
    const failed = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome] : []));
    const [first] = failed;
    if (found.length === 0 && first !== undefined) {
      throw problem(
        'REPOSITORY_UNREACHABLE',
        `no repository could be searched; ${first.name}: ${first.failure.message}`,
      );
    }
    // Each list is ranked: the same rank of all comes before the next.
    const ranked = found
      .flatMap(({ name, page }) =>
        page.charts.flatMap((chart) => describeVersions(chart).map((info) => ({ repoName: name, ...info }))),
      )
      .map((item, at) => ({ item, at, rank: rankOf(item.chartName, text) }))
      .toSorted((a, b) => a.rank - b.rank || a.at - b.at)
      .map(({ item }) => item)
      .slice(0, limit);
    return {
      items: ranked,
      num: ranked.length,
      total: found.reduce((sum, { page }) => sum + page.total, 0),
      unreachable: failed.map(({ name, failure }) => ({
        repoName: name,
        code: failure.code,
        message: failure.message,
      })),
    };
  };
}

/** How well a name matches; what matches otherwise comes last, in the order of the engine. */
function rankOf(name: string, text: string): number {
  const lower = name.toLowerCase();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const ranks = words.map((word) => (lower === word ? 0 : lower.startsWith(word) ? 1 : lower.includes(word) ? 2 : 3));
  return Math.max(0, ...ranks);
}
