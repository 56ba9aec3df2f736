import { liesBelow, type ChartAddress } from '../../domain/charts/chart-address.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { SourceCredential } from '../../ports/helm/source-credentials.ts';

/** How an address is reached: credentials, trust, and whether its registry speaks plain http. */
export interface AddressAccess {
  readonly access: SourceCredential['access'];
  readonly plainHttp: boolean;
}

/**
 * Chooses what to reach an address with: the namespace's credential that covers it most closely, else the configured
 * repository or registry that does, else nothing (decision 8). Plain http is spoken where the request or the chosen
 * one says so; what was not given for plain http is never sent over it.
 */
export function accessTo(
  address: ChartAddress,
  credentials: readonly SourceCredential[],
  repositories: readonly ChartRepository[],
): AddressAccess {
  const chosen = closest(address, credentials) ?? closest(address, repositories);
  return { access: chosen?.access ?? {}, plainHttp: address.plainHttp || chosen?.address.plainHttp === true };
}

function closest<T extends { readonly address: ChartAddress }>(
  address: ChartAddress,
  candidates: readonly T[],
): T | undefined {
  return candidates
    .filter((candidate) => liesBelow(candidate.address, address))
    .filter((candidate) => candidate.address.plainHttp || !address.plainHttp)
    .toSorted((a, b) => b.address.prefix.length - a.address.prefix.length)[0];
}
