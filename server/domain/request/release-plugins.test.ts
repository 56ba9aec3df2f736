import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import { mergePlugins } from './release-plugins.ts';

const use = (name: string, args = '', disable = false) => ({ name, args, version: '1', disable });

test("the document's example: names stay as they are written, disabled ones go, new ones come last", () => {
  const recorded = mergePlugins([], [use('nodeAffinity'), use('guardian')]);
  expect(mergePlugins(recorded, [use('Guardian', '', true), use('ingress')])).toEqual([
    use('nodeAffinity'),
    use('ingress'),
  ]);
});

test('plugins of the chart come after those of the request that do not name them', () => {
  const chart = [use('A', '{"x":1}'), use('B')];
  const installed = mergePlugins([], [use('c'), use('b', '{"y":2}')], chart);
  expect(installed).toEqual([use('c'), use('b', '{"y":2}'), use('A', '{"x":1}')]);
  expect(mergePlugins(installed, [], chart)).toEqual(installed);
});

test('a plugin of the chart that was switched off stays off', () => {
  const chart = [use('A')];
  const off = mergePlugins(mergePlugins([], [], chart), [use('a', '', true)], chart);
  expect(off).toEqual([use('a', '', true)]);
  expect(mergePlugins(off, [use('b')], chart)).toEqual([use('a', '', true), use('b')]);
  expect(mergePlugins(off, [use('A')], chart)).toEqual([use('A')]);
  expect(mergePlugins(off, [])).toEqual([]);
});

const requests = fc.uniqueArray(
  fc.record<PluginRequest>({
    name: fc.constantFrom('a', 'A', 'b', 'c'),
    args: fc.constantFrom('', '{"x":1}'),
    disable: fc.boolean(),
  }),
  { selector: ({ name }) => name.toLowerCase() },
);

test('merging twice is merging once', () => {
  fc.assert(
    fc.property(requests, requests, requests, (recorded, request, chart) => {
      const once = mergePlugins(mergePlugins([], recorded), request, chart);
      expect(mergePlugins(once, request, chart)).toEqual(once);
    }),
  );
});

test('a name that stands twice in a request is refused', () => {
  expect(() => mergePlugins([], [use('A'), use('a')])).toThrow('more than one plugin a is not allowed');
});
