import type { PluginRequest, ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import { cutName } from '../bounds/cut-name.ts';
import { problem } from '../errors/problem-error.ts';

/**
 * Merges the plugins of a request into the recorded ones, by name, ignoring case: named ones are replaced, disabled
 * ones removed, the rest stays; new ones come last (decision 14: plugins), followed by the chart's default plugins that
 * were not named. A disabled default plugin stays in the list as disabled, or it would come back.
 * @throws ProblemError REQUEST_INVALID for a duplicate name, or arguments that are not JSON
 */
export function mergePlugins(
  recorded: readonly ReleasePlugin[],
  request: readonly PluginRequest[],
  chart: readonly PluginRequest[] = [],
): ReleasePlugin[] {
  const merged = new Map(recorded.map((plugin) => [plugin.name.toLowerCase(), plugin]));
  const named = new Set<string>();
  request.forEach((plugin, index) => {
    const key = plugin.name.toLowerCase();
    if (named.has(key)) {
      throw problem('REQUEST_INVALID', `more than one plugin ${cutName(plugin.name)} is not allowed`, {
        errors: [{ pointer: `/plugins/${index}/name`, message: 'duplicate name' }],
      });
    }
    named.add(key);
    merged.set(key, toPlugin(plugin, index));
  });
  const defaults = new Map(chart.map((plugin, index) => [plugin.name.toLowerCase(), toPlugin(plugin, index)]));
  defaults.forEach((plugin, key) => merged.has(key) || merged.set(key, plugin));
  return [...merged].flatMap(([key, plugin]) => (plugin.disable && !defaults.has(key) ? [] : [plugin]));
}

function toPlugin({ name, args = '', version = '', disable = false }: PluginRequest, index: number): ReleasePlugin {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  try {
    if (text.trim() !== '') {
      JSON.parse(text);
    }
  } catch {
    throw problem('REQUEST_INVALID', `the args of plugin ${cutName(name)} are not JSON`, {
      errors: [{ pointer: `/plugins/${index}/args`, message: 'this text is not JSON' }],
    });
  }
  return { name, args: text, version, disable };
}
