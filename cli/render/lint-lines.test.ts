import { expect, test } from 'vitest';

import { createPaint } from './colour.ts';
import { lintLine, lintSummary } from './lint-lines.ts';

const problem = {
  severity: 'error',
  file: 'Chart.yaml',
  line: 3,
  path: '',
  code: 'CHART_YAML_INVALID',
  message: 'no\nname',
};

test('a finding names file and line, or the place in the file', () => {
  const paint = createPaint(false);
  expect(lintLine(problem, paint)).toBe(`Chart.yaml:3 error no name (CHART_YAML_INVALID)`);
  expect(lintLine({ ...problem, severity: 'warning', line: null, path: 'roles[0].name' }, paint)).toBe(
    'Chart.yaml warning roles[0].name: no name (CHART_YAML_INVALID)',
  );
  expect(lintLine({ ...problem, file: '', line: null }, paint)).toMatch(/^chart error /);
});

test('errors and warnings are counted', () => {
  expect(lintSummary('./web', [problem, { severity: 'warning' }])).toBe('./web: 1 error, 1 warning');
  expect(lintSummary('./web', [])).toBe('./web: 0 errors, 0 warnings');
});
