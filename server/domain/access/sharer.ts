import type { Caller } from './caller.ts';

/** A holder of a share of a scarce resource, such as workers for rendering: users take turns, then namespaces do. */
export interface Sharer {
  /** Empty for Walm itself. */
  readonly user: string;
  /** Empty for work outside any namespace. */
  readonly namespace: string;
}

/** The share that work for this caller in this namespace counts against. */
export function sharerOf(caller: Caller | null, namespace = ''): Sharer {
  return { user: caller?.user ?? '', namespace };
}
