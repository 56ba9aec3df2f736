import type { ChartAddress } from '../../domain/charts/chart-address.ts';
import type { SourceAccess } from './helm-chart.ts';

/** A configured chart repository, its certificate file read. `url` holds no credentials. */
export interface ChartRepository {
  readonly name: string;
  /** As configured, for people and for the engine. */
  readonly url: string;
  readonly address: ChartAddress;
  readonly access: SourceAccess;
}

/** The repository that a request means when it names none. */
export const DEFAULT_REPOSITORY = 'stable';
