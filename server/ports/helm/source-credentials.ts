import type { ChartAddress } from '../../domain/charts/chart-address.ts';
import type { SourceAccess } from './helm-chart.ts';

/** How charts below an address are reached. Never logged, never part of a problem. */
export interface SourceCredential {
  readonly address: ChartAddress;
  readonly access: SourceAccess & { readonly bearerToken?: string };
}

/** Credentials that a namespace keeps for chart repositories and registries (decision 8). */
export interface SourceCredentials {
  /** All of a namespace; none where the namespace does not exist. Throws CREDENTIAL_INVALID for one that is broken. */
  list(namespace: string, signal?: AbortSignal): Promise<readonly SourceCredential[]>;
}
