import type { Config } from './config-options.ts';

/** Which addresses the engine may ask. `failureMs` is how long it takes to tell that one which somebody named cannot be used. */
export interface AddressPolicy {
  readonly refusePrivate: boolean;
  readonly refuseLoopback: boolean;
  readonly failureMs: number;
}

/** Reads the options: without authentication there is nobody from whom what is open could be hidden. */
export function addressPolicy({ auth, addresses }: Pick<Config, 'auth' | 'addresses'>): AddressPolicy {
  const { failureSec, ...refused } = addresses;
  return { ...refused, failureMs: auth.mode === 'kubernetes' ? failureSec * 1000 : 0 };
}
