import { expect, test } from 'vitest';
import { isWithin } from './chart-version-range.ts';

test.each([
  ['6.1.0', '6.0', '6.2', true],
  ['6.2.9', '6.0', '6.2', true],
  ['6.3.0', '6.0', '6.2', false],
  ['5.9.9', '6.0', '6.2', false],
  ['6.2.1', '6.0', '6.2.0', false],
  ['6.0.0', '6.0.0', '6.0.0', true],
  ['10.0.0', '9', '', true],
  ['v6.1.0-rc.1+build', '6.1', '6.1', true],
  ['1.0.0', '', '', true],
  ['latest', '6.0', '6.2', true],
])('%s between %s and %s: %s', (version, min, max, expected) => {
  expect(isWithin(version, min, max)).toBe(expected);
});
