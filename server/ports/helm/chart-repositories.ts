import type { ChartAddress } from '../../domain/charts/chart-address.ts';
import type { SourceAccess } from './helm-chart.ts';

/** A configured chart repository, with its certificate file read. `url` contains no credentials. */
export interface ChartRepository {
  readonly name: string;
  /** As configured, for people and for the engine. */
  readonly url: string;
  readonly address: ChartAddress;
  readonly access: SourceAccess;
}

/** The repository of a request that names none. */
export const DEFAULT_REPOSITORY = 'stable';
