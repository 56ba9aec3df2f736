import { expect, test } from 'vitest';
import { isTerminal } from './terminal-reasons.ts';

test.each([
  ['ImagePullBackOff', 4_999, false],
  ['ImagePullBackOff', 5_000, true],
  ['JobFailed', 0, true],
  ['Unschedulable', 59_999, false],
  ['Unschedulable', 60_000, true],
  ['ContainerCreating', 3_600_000, false],
])('%s for %i ms: %s', (reason, lastedMs, terminal) => {
  expect(isTerminal({ reason }, lastedMs)).toBe(terminal);
});
