import { expect, it } from 'vitest';

import { addressPolicy } from './address-policy.ts';
import { readCommandLine } from './config.ts';

it.each([
  ['none', 0],
  ['kubernetes', 7000],
])('with auth.mode %s telling a failure takes %d ms', (mode, failureMs) => {
  const command = readCommandLine(['--config=/dev/null', `--auth-mode=${mode}`, '--addresses-failure-sec=7'], {});
  if (command.kind !== 'run') throw new Error(command.kind);
  expect(addressPolicy(command.config)).toEqual({ refusePrivate: false, refuseLoopback: false, failureMs });
});
