import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { definePlugin } from './plugin.ts';
import { orderPlugins, plugins } from './registry.ts';

const plugin = (name: string, version: string) =>
  definePlugin({
    name,
    version,
    description: 'does nothing',
    args: Type.Object({}),
    example: {},
    apply: () => ({ changed: [], added: [], warnings: [] }),
  });

test('plugins are ordered by name, of two versions of one the newer first, whatever their files are called', () => {
  const [a9, a10, b, c] = [
    plugin('Anvil', '1.9'),
    plugin('anvil', '1.10'),
    plugin('Bell', '1.0'),
    plugin('cup', '2.0'),
  ];
  for (const given of [
    [c, a9, b, a10],
    [a10, b, a9, c],
  ]) {
    expect(orderPlugins(given)).toEqual([a10, a9, b, c]);
  }
});

test('no version of a plugin is defined twice, and versions are numbers', () => {
  const named = plugins.map(({ name, version }) => `${name.toLowerCase()} ${version}`);
  expect(new Set(named).size).toBe(named.length);
  expect(plugins.filter(({ version }) => !/^\d+\.\d+$/.test(version))).toEqual([]);
});
