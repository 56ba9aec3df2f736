import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pluginList } from './plugin-list.ts';

const folder = new URL('../../server/domain/plugins/', import.meta.url);

test('a plugin is in the list because its file is in the folder', () => {
  const text = pluginList([
    { name: 'zone.ts', text: "/** Zones. */\nexport const zone = definePlugin({\n  name: 'Zone',\n" },
    { name: 'zone.test.ts', text: 'export const fake = definePlugin({' },
    { name: 'plugin.ts', text: 'export function definePlugin<S>(definition: S) {}\n' },
    { name: 'anvil.ts', text: 'export const anvil1 = definePlugin({});\nexport const anvil2 = definePlugin({});\n' },
  ]);
  expect(text).toContain("import { anvil1, anvil2 } from './anvil.ts';\nimport { zone } from './zone.ts';\n");
  expect(text).toContain('= [\n  anvil1,\n  anvil2,\n  zone,\n];\n');
  expect(text).not.toMatch(/fake|definePlugin }/);
});

test('every file of the folder that defines a plugin is found', () => {
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
  const defining = files.filter(({ name, text }) => !name.includes('.test.') && /= definePlugin/.test(text));
  const list = pluginList(files);
  expect(defining.map(({ name }) => name).filter((name) => !list.includes(`'./${name}'`))).toEqual([]);
});
