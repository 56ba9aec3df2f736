import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { MAX_NOTES } from '../bounds/bounded-list.ts';
import { boundWarnings } from '../bounds/bound-warnings.ts';
import { cutName } from '../bounds/cut-name.ts';
import type { Fault } from '../fields/fault.ts';
import { problem } from '../errors/problem-error.ts';
import type { Plugin } from './plugin.ts';
import { readPluginArgs } from './plugin-args.ts';
import { findPlugin, isVersion, versionsOf } from './registry.ts';

/**
 * Validates the plugins of a request before a task is queued: a plugin without effect is a warning (decisions 13 and
 * 14: unknown names, plugin arguments). `present` are the plugins that the release or its chart has: others cannot be
 * disabled. `ignoreUnknown`: an unknown plugin is not a warning, like in the original Walm (decision 22: compatibility).
 * @throws ProblemError REQUEST_INVALID for arguments that a plugin refuses, by pointer: `/plugins/0/args/…`
 */
export function checkPlugins(
  plugins: readonly PluginRequest[],
  present: readonly string[] = [],
  ignoreUnknown = false,
): Warning[] {
  const there = new Set(present.map((name) => name.toLowerCase()));
  const faults: Fault[] = [];
  const warnings: Warning[] = [];
  plugins.forEach(({ name, args = '', version = '', disable = false }, index) => {
    const pointer = `/plugins/${index}`;
    const plugin = findPlugin(name, version);
    if (disable) {
      const isIgnored = plugin === undefined && ignoreUnknown;
      warnings.push(...(isIgnored || there.has(name.toLowerCase()) ? [] : [notDisabled(name, pointer, plugin)]));
      return;
    }
    if (plugin === undefined) {
      const message = `there is no plugin ${cutName(name)}: it is recorded with the release and has no effect`;
      warnings.push(...(ignoreUnknown ? [] : [{ code: 'PLUGIN_UNKNOWN', message, path: pointer }]));
      return;
    }
    if (!isVersion(plugin, version)) {
      const known = versionsOf(name).map((each) => each.version);
      const message = `plugin ${name} has no version ${cutName(version)} (it has ${known.join(', ')}): ${plugin.version} is used`;
      warnings.push({ code: 'PLUGIN_VERSION_UNKNOWN', message, path: `${pointer}/version` });
    }
    const read = readPluginArgs(plugin, typeof args === 'string' ? args : JSON.stringify(args), `${pointer}/args`);
    faults.push(...read.faults);
    warnings.push(...read.warnings);
    if (read.isEmpty && plugin.needsArgs) {
      const message = `plugin ${name} has no arguments: it is recorded with the release and has no effect`;
      warnings.push({ code: 'PLUGIN_WITHOUT_ARGS', message, path: `${pointer}/args` });
    }
  });
  if (faults.length > 0) {
    const list = faults.slice(0, 5).map((fault) => `${fault.pointer} ${fault.message}`);
    throw problem('REQUEST_INVALID', list.join('; '), { errors: faults.slice(0, MAX_NOTES) });
  }
  return boundWarnings(warnings);
}

/** There is nothing to remove. */
function notDisabled(name: string, pointer: string, plugin: Plugin | undefined): Warning {
  const reason =
    plugin?.builtIn === true ? 'is part of every release and stays' : 'is not there: disabling it has no effect';
  return { code: 'PLUGIN_NOT_DISABLED', message: `plugin ${cutName(name)} ${reason}`, path: `${pointer}/disable` };
}
