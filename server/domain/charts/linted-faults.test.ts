import { expect, test } from 'vitest';
import { problem } from '../errors/problem-error.ts';
import { lintedFaults, refusedArchive } from './linted-faults.ts';

const failed = {
  code: 'TEMPLATE_FAILED',
  message: 'a template of chart web failed: execution error at (web/templates/a.yaml:3:5): a is required',
  details: {},
};
const fine = (file: string) => ({ file, faults: [], isLeftOut: false });

test('a failing template is named with its line, once for all values files', () => {
  const cases = ['values.yaml', 'ci/a.yaml'].map((file) => ({ file, faults: [failed], isLeftOut: false }));
  expect(lintedFaults('web', cases)).toEqual([
    {
      severity: 'error',
      code: 'TEMPLATE_FAILED',
      file: 'templates/a.yaml',
      line: 3,
      path: '',
      message: `with ci/a.yaml: ${failed.message}`,
    },
  ]);
});

test('defaults that do not suffice are a warning where a values file of ci does', () => {
  const cases = [{ file: 'values.yaml', faults: [failed], isLeftOut: false }, fine('ci/a.yaml')];
  expect(lintedFaults('web', cases)).toMatchObject([{ severity: 'warning', file: 'templates/a.yaml' }]);
});

test('values that the schema does not allow are named one by one', () => {
  const violations = [
    { chart: 'web', path: '/a', message: 'got string' },
    { chart: 'db', path: '/b', message: 'got null' },
  ];
  const fault = { code: 'VALUES_SCHEMA_INVALID', message: 'no', details: { violations } };
  expect(lintedFaults('web', [{ file: 'values.yaml', faults: [fault], isLeftOut: false }])).toMatchObject([
    { file: 'values.yaml', path: '/a', message: '/a: got string' },
    { file: 'values.yaml', path: '/db/b', message: '/db/b: got null' },
  ]);
});

test('what was not tried is named, and a library chart is not to blame', () => {
  const library = { code: 'CHART_NOT_INSTALLABLE', message: 'a library', details: {} };
  const cases = [
    { file: 'values.yaml', faults: [library], isLeftOut: false },
    { file: 'ci/a.yaml', faults: [], isLeftOut: true },
  ];
  expect(lintedFaults('web', cases)).toMatchObject([
    { severity: 'warning', code: 'CHART_NOT_INSTALLABLE', file: 'Chart.yaml' },
    { severity: 'warning', code: 'LINT_LEFT_OUT', file: 'ci/a.yaml' },
  ]);
});

test('a refused archive says which file is wrong, where that is known', () => {
  expect(refusedArchive(problem('CHART_YAML_INVALID', 'chart web has the apiVersion "" in Chart.yaml'))).toMatchObject({
    file: 'Chart.yaml',
  });
  expect(refusedArchive(problem('CHART_UNSAFE_PATH', 'no', { entry: '../a' }))).toMatchObject({ file: '../a' });
  expect(refusedArchive(problem('CHART_ARCHIVE_INVALID', 'not an archive'))).toMatchObject({
    file: '',
    severity: 'error',
  });
});
