import type { Caller } from './caller.ts';

/** Who shares with others what there is little of, such as places to render in: users take turns, then namespaces do. */
export interface Sharer {
  /** Empty for Walm itself. */
  readonly user: string;
  /** Empty where the work is in none. */
  readonly namespace: string;
}

/** The share that work for this caller in this namespace counts against. */
export function sharerOf(caller: Caller | null, namespace = ''): Sharer {
  return { user: caller?.user ?? '', namespace };
}
