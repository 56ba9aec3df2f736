import type { Config } from './config-options.ts';

/**
 * Which addresses the engine may connect to. `failureMs` is the uniform delay before a failed download from an address
 * named by a caller is reported.
 */
export interface AddressPolicy {
  readonly refusePrivate: boolean;
  readonly refuseLoopback: boolean;
  readonly failureMs: number;
}

/** Reads the options: without authentication there is no caller from whom open ports would have to be hidden. */
export function addressPolicy({ auth, addresses }: Pick<Config, 'auth' | 'addresses'>): AddressPolicy {
  const { failureSec, ...refused } = addresses;
  return { ...refused, failureMs: auth.mode === 'kubernetes' ? failureSec * 1000 : 0 };
}
