import { expect, test } from 'vitest';
import { readChartFile } from '../../../test/harness/charts/chart-file.ts';
import { ABSENT, foreignChart } from '../../../test/harness/charts/charts.ts';
import { metainfoOf, metainfoWarnings } from './chart-metainfo.ts';

const files = (text: string) => ({ 'metainfo.yaml': new TextEncoder().encode(text) });
const reasons = (text: string) => metainfoWarnings(files(text)).map(({ message }) => message.split('wrong: ')[1]);

for (const name of ['tomcat-0.2.0', 'zookeeper-6.1.0', 'kafka-6.1.0'] as const) {
  const archive = foreignChart(name);
  test.skipIf(archive === undefined)(`${name} warns of nothing (skipped where ${ABSENT})`, () => {
    expect(reasons(readChartFile(archive ?? '', 'transwarp-meta/metainfo.yaml').toString())).toEqual([]);
  });
}

test('a chart without metainfo, or with an empty one, warns of nothing', () => {
  expect(metainfoWarnings({})).toEqual([]);
  for (const text of ['', '# later\n', 'params:\nroles:\n']) {
    expect(reasons(text)).toEqual([]);
  }
});

test('a warning names file and reason', () => {
  expect(metainfoWarnings(files('params: [unclosed'))).toEqual([
    {
      code: 'METAINFO_INVALID',
      message: expect.stringMatching(
        /^transwarp-meta\/metainfo\.yaml of the chart is ignored where it is wrong: it is not YAML: .*line 1.*\S$/,
      ) as string,
    },
  ]);
  expect(reasons('- a list')).toEqual(['it is not a mapping']);
  expect(reasons('just a text')).toEqual(['it is not a mapping']);
});

test.each([
  ['params: {a: 1}', 'params is not a list'],
  ['params: [name]', 'params[0] is not a mapping'],
  ['params: [{name: a, mapKey: 7}]', 'params[0].mapKey is not a text'],
  ['roles: [{name: web, baseConfig: {image: nginx}}]', 'roles[0].baseConfig.image is not a mapping'],
  [
    'roles: [{name: web, resources: {limitsmemory: {mapkey: [a]}}}]',
    'roles[0].resources.limitsmemory.mapkey is not a text',
  ],
  ['dependencies: [{name: zk, minVersion: 6.0}]', 'dependencies[0].minVersion is not a text'],
  ['dependencies: [{name: zk, dependencyOptional: "yes"}]', 'dependencies[0].dependencyOptional is not true or false'],
  ['plugins: [{name: LabelPod, args: [a]}]', 'plugins[0].args is not a mapping or a text'],
  ['customParams: {a: {b: c}}', 'customParams.a is not a text or a number'],
  ['outputs: {address: web}', 'outputs.address is not an output expression'],
])('%s: %s', (text, reason) => {
  expect(reasons(text)).toEqual([reason]);
});

test('what is right beside it is read, and a long list of faults is cut', () => {
  const text = 'params: 7\ncustomParams: {tier: gold}\n';
  expect(metainfoOf(files(text))).toMatchObject({ params: [], customParams: { tier: 'gold' } });
  expect(reasons(`params: [${'7, '.repeat(8)}]`)[0]).toMatch(/; params\[4\] is not a mapping; and 3 more$/);
});
