import type { ChartAddress } from '../../domain/charts/chart-address.ts';
import type { SourceAccess } from './helm-chart.ts';

/** Credentials for charts below an address. Never logged, never part of a problem. */
export interface SourceCredential {
  readonly address: ChartAddress;
  readonly access: SourceAccess & { readonly bearerToken?: string };
}

/** Credentials that a namespace stores for chart repositories and registries (decision 8: credentials of addresses). */
export interface SourceCredentials {
  /**
   * All credentials of a namespace; none if the namespace does not exist. Throws CREDENTIAL_INVALID for a broken one.
   */
  list(namespace: string, signal?: AbortSignal): Promise<readonly SourceCredential[]>;
}
