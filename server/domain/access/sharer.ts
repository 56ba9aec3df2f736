import type { Caller } from './caller.ts';
import { accountOf } from './recorded-identity.ts';

/** A holder of a share of a scarce resource, such as workers for rendering: users take turns, then namespaces do. */
export interface Sharer {
  /** Empty for Walm itself. */
  readonly user: string;
  /** Empty for work outside any namespace. */
  readonly namespace: string;
}

/** The share that work for this caller in this namespace counts against. */
export function sharerOf(caller: Caller | null, namespace = ''): Sharer {
  return { user: shareOf(caller), namespace };
}

/**
 * Whose budgets a caller uses: a user's own, and for a service account those of all service accounts of its namespace,
 * because an editor of a namespace can create any number of them. Empty for Walm itself.
 */
export function shareOf(caller: Pick<Caller, 'user'> | null): string {
  const account = caller === null ? null : accountOf(caller);
  return account === null ? (caller?.user ?? '') : `system:serviceaccounts:${account.namespace}`;
}
