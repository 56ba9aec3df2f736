import type { Caller } from './caller.ts';
import { accountOf } from './recorded-identity.ts';

/** A holder of a share of a scarce resource, such as workers for rendering: users take turns, then namespaces do. */
export interface Sharer {
  /** Empty for Walm itself. */
  readonly user: string;
  /** Empty for work outside any namespace. */
  readonly namespace: string;
}

/**
 * The share that work for this caller in this namespace counts against. The service accounts of one namespace have one
 * share: an editor of a namespace can create any number of them.
 */
export function sharerOf(caller: Caller | null, namespace = ''): Sharer {
  const account = caller === null ? null : accountOf(caller);
  const user = account === null ? (caller?.user ?? '') : `system:serviceaccounts:${account.namespace}`;
  return { user, namespace };
}
