import type { ChartAddress } from '../../domain/charts/chart-address.ts';
import type { RepositorySource } from './helm-chart.ts';

/** How to connect to a repository. Never logged, never part of a problem or an answer. */
export type RepositoryAccess = Omit<RepositorySource, 'url'>;

/** A chart repository or registry, with its certificates read. `url` contains no credentials. */
export interface ChartRepository {
  readonly name: string;
  /** As configured, for people and for the engine. */
  readonly url: string;
  readonly address: ChartAddress;
  readonly access: RepositoryAccess;
  /** Where it is defined. */
  readonly origin: 'configuration' | 'runtime' | 'builtin';
}

/**
 * The repositories as they are now, those of the configuration first. As long as a repository is not changed, it is the
 * same object, so that what is known of it can be kept by it.
 */
export type RepositoriesNow = () => readonly ChartRepository[];

/** The repository of a request that names none. */
export const DEFAULT_REPOSITORY = 'stable';
