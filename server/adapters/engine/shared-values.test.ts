import { expect, test } from 'vitest';

import { sendValuesOnce } from './shared-values.ts';

const values = { a: { b: 'c' } };

test('the values of a request are not sent a second time in its ReleaseConfig', () => {
  const releaseConfig = { kind: 'ReleaseConfig', spec: { configValues: values, project: 'p' } };
  expect(sendValuesOnce({ chart: 'x', values, releaseConfig })).toEqual({
    chart: 'x',
    values,
    releaseConfig: { kind: 'ReleaseConfig', spec: { configValues: null, project: 'p' } },
    hasConfig: true,
  });
  expect(releaseConfig.spec.configValues).toBe(values);
});

test.each([
  ['without a ReleaseConfig', { values }],
  ['with none', { values, releaseConfig: null }],
  ['with one without values', { values, releaseConfig: { kind: 'ReleaseConfig' } }],
  ['with one of other values', { values, releaseConfig: { spec: { configValues: { a: { b: '***' } } } } }],
  ['without values', { releaseConfig: { spec: {} } }],
])('a request %s is sent as it is', (_what, params) => {
  expect(sendValuesOnce(params)).toBe(params);
});
