import { expect, test } from 'vitest';

import {
  formatCounts,
  readGoTestLine,
  settleCounts,
  totalCounts,
  vitestCounts,
  vitestFailures,
} from './suite-counts.ts';

test('the closing line names skipped tests only where there are some', () => {
  expect(formatCounts({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(formatCounts({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('counts add up', () => {
  const counts = { passed: 1, failed: 2, skipped: 3 };
  expect(totalCounts([counts, counts])).toEqual({ passed: 2, failed: 4, skipped: 6 });
});

test.each([
  ['a green suite', { passed: 2, failed: 0, skipped: 0 }, 0, 0],
  ['a suite that crashed after its tests', { passed: 2, failed: 0, skipped: 0 }, 1, 1],
  ['a suite that was killed', { passed: 2, failed: 0, skipped: 0 }, null, 1],
  ['a suite that ran nothing', { passed: 0, failed: 0, skipped: 4 }, 0, 1],
  ['a suite with failed tests', { passed: 2, failed: 3, skipped: 0 }, 1, 3],
])('%s', (_name, counts, exitCode, failed) => {
  expect(settleCounts(counts, exitCode).failed).toBe(failed);
});

test("vitest's report is counted, a file that did not load as one failure", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [] },
      { name: 'b.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'water is wet' }] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'ice is cold' }] },
    ],
  };
  expect(vitestCounts(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 2 });
  expect(vitestFailures(JSON.stringify(report))).toEqual(['a.test.ts', 'water is wet']);
});

test.each([
  ['{"Action":"pass","Test":"TestA"}', { of: 'TestA', output: '', outcome: 'passed', failed: false }],
  ['{"Action":"fail","Test":"TestA/sub"}', { of: 'TestA/sub', output: '', outcome: 'failed', failed: true }],
  ['{"Action":"skip","Test":"TestA"}', { of: 'TestA', output: '', outcome: 'skipped', failed: false }],
  ['{"Action":"pass","Package":"p"}', { of: 'p', output: '', outcome: undefined, failed: false }],
  ['{"Action":"fail","Package":"p"}', { of: 'p', output: '', outcome: undefined, failed: true }],
  [
    '{"Action":"output","Package":"p","Test":"TestA","Output":"hello\\n"}',
    { of: 'p TestA', output: 'hello\n', outcome: undefined, failed: false },
  ],
  ['# walm.io/walm/engine', { of: '', output: '# walm.io/walm/engine\n', outcome: undefined, failed: false }],
])('go test line %s', (line, expected) => {
  expect(readGoTestLine(line)).toEqual(expected);
});
