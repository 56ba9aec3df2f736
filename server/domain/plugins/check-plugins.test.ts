import { expect, test } from 'vitest';
import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { schemaFaults } from '../fields/schema-faults.ts';
import { checkPlugins } from './check-plugins.ts';
import { plugins } from './registry.ts';

const codes = (list: PluginRequest[]) => checkPlugins(list).map(({ code, path }) => [code, path]);

test('what has no effect is a warning', () => {
  expect(
    codes([
      { name: 'guardian', args: '[1]' },
      { name: 'nodeAffinity', args: '', version: '1' },
      { name: 'ingress', args: {} },
      { name: 'LabelPod', args: { labelsToAdd: { a: 'b' }, labels: {} }, version: '7' },
      { name: 'PauseRelease' },
      { name: 'ValidateReleaseConfig' },
      { name: 'Tolerations', args: '{"tolerations": 5}', disable: true },
    ]),
  ).toEqual([
    ['PLUGIN_UNKNOWN', '/plugins/0'],
    ['PLUGIN_WITHOUT_ARGS', '/plugins/1/args'],
    ['PLUGIN_WITHOUT_ARGS', '/plugins/2/args'],
    ['PLUGIN_VERSION_UNKNOWN', '/plugins/3/version'],
    ['FIELD_UNKNOWN', '/plugins/3/args/labels'],
    ['PLUGIN_NOT_DISABLED', '/plugins/6/disable'],
  ]);
});

test('what is not there cannot be disabled', () => {
  const list = ['LabelPod', 'guardian', 'ValidateReleaseConfig'].map((name) => ({ name, disable: true }));
  const paths = (present: string[], ignoreUnknown = false) =>
    checkPlugins(list, present, ignoreUnknown).map(({ code, path }) => `${code} ${path}`);
  expect(paths(['labelpod', 'Guardian'])).toEqual(['PLUGIN_NOT_DISABLED /plugins/2/disable']);
  expect(paths([])).toHaveLength(3);
  expect(paths([], true)).toEqual(['PLUGIN_NOT_DISABLED /plugins/0/disable', 'PLUGIN_NOT_DISABLED /plugins/2/disable']);
});

test('as in the original Walm, what does not exist is ignored silently', () => {
  const list: PluginRequest[] = [{ name: 'guardian' }, { name: 'ingress', args: {} }];
  expect(checkPlugins(list, [], true).map(({ code }) => code)).toEqual(['PLUGIN_WITHOUT_ARGS']);
});

test('arguments match without case, as text or as an object', () => {
  expect(codes([{ name: 'labelpod', args: '{"LabelsToAdd": {"a": "b"}}', version: '1.0' }])).toEqual([]);
  expect(codes([{ name: 'LABELPOD', args: { labelstoadd: { a: 'b' } }, version: '1' }])).toEqual([]);
});

test('wrong arguments are refused, each by its pointer', () => {
  const list: PluginRequest[] = [
    { name: 'x' },
    { name: 'LabelPod', args: { labelsToAdd: { a: 1 } } },
    { name: 'ingress', args: '{"servicePort": true}' },
    { name: 'Tolerations', args: '[]' },
  ];
  const error: unknown = (() => {
    try {
      return checkPlugins(list);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ProblemError);
  const { code, status, details } = error as ProblemError;
  expect([code, status]).toEqual(['REQUEST_INVALID', 422]);
  const pointers = (details['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
  expect(pointers).toEqual(
    expect.arrayContaining([
      '/plugins/1/args/labelsToAdd/a',
      '/plugins/2/args/serviceName',
      '/plugins/2/args/servicePort',
      '/plugins/3/args',
    ]),
  );
});

test.each(plugins.map((plugin) => [plugin.name, plugin] as const))('the example of %s fits its schema', (_, plugin) => {
  expect(schemaFaults(plugin.args, plugin.example)).toEqual([]);
  expect(plugin.description).toMatch(/^[A-Z].*\.$/);
  expect(plugin.version).toMatch(/^\d+\.\d+$/);
});
