import { liesBelow, type ChartAddress } from '../../domain/charts/chart-address.ts';
import type { ChartRepository, RepositoryAccess } from '../../ports/helm/chart-repositories.ts';
import type { SourceCredential } from '../../ports/helm/source-credentials.ts';

/** How to connect to an address: credentials, trusted CAs, and whether its registry uses plain http. */
export interface AddressAccess {
  readonly access: RepositoryAccess;
  readonly plainHttp: boolean;
}

/**
 * Chooses credentials for an address: those of the namespace that match it most closely, else those of the configured
 * repository or registry, else none (decision 8: credentials of addresses). Plain http is used if the request or
 * the chosen credential says so; credentials not meant for plain http are never sent over it.
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
