/** Where the list is written to, from the root of the checkout. */
export const PLUGIN_LIST = 'server/domain/plugins/all-plugins.ts';

/** How a file of the folder says that it is a plugin. */
const DEFINITION = /^export const (\w+) = definePlugin\(/gm;

/** One source file: its name inside the folder, and its text. */
export interface PluginSource {
  name: string;
  text: string;
}

/**
 * The module that lists the plugins defined in the files of a folder, by file name. Their order is part of each
 * definition. Helpers and tests define none and are left out.
 */
export function pluginList(files: readonly PluginSource[]): string {
  const found = files
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, text }) => ({ name, plugins: [...text.matchAll(DEFINITION)].map(([, plugin = '']) => plugin) }))
    .filter(({ plugins }) => plugins.length > 0);
  return `${[
    '// Written by `make generate` from the files of this folder.',
    ...found.map(({ name, plugins }) => `import { ${plugins.join(', ')} } from './${name}';`),
    "import type { Plugin } from './plugin.ts';",
    '',
    '/** The definition of every file of this folder, made with `definePlugin`. */',
    'export const allPlugins: readonly Plugin[] = [',
    ...found.flatMap(({ plugins }) => plugins.map((plugin) => `  ${plugin},`)),
    '];',
  ].join('\n')}\n`;
}
