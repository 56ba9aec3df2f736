import { expect, it } from 'vitest';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { warningsHeader } from './warnings-header.ts';

it('has no header without warnings', () => {
  expect(warningsHeader([])).toEqual({});
});

it('is JSON in ASCII, without repetitions', () => {
  const warning = { code: 'A', message: 'naïve ☃\n' };
  const header = warningsHeader([warning, warning])['walm-warnings'] ?? '';
  expect(header).toMatch(/^[ -~]*$/);
  expect(JSON.parse(header)).toEqual([warning]);
});

it('is cut to what clients accept, and says so', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ code: 'A', message: `warning ${index}`.padEnd(50) }));
  const header = warningsHeader(many)['walm-warnings'] ?? '';
  expect(header.length).toBeLessThan(7000);
  expect((JSON.parse(header) as Warning[]).at(-1)?.code).toBe('WARNINGS_CUT');
});
