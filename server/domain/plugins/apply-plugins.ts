import type { ReleasePlugin } from '../../../contract/plugin.ts';
import type { Warning } from '../../../contract/warning.ts';
import type { JsonObject } from '../json.ts';
import type { ManifestDocument } from '../manifest-document.ts';
import { applyChanges } from './document-edits.ts';
import { type Plugin, type PluginContext, refused } from './plugin.ts';
import { readPluginArgs } from './plugin-args.ts';
import { findPlugin } from './registry.ts';

/** A plugin with the arguments that a release gives it. */
export type ReadyPlugin = { plugin: Plugin; args: JsonObject };

/**
 * The plugins of a release that change something, in its order: disabled and unknown ones do not, nor do those that
 * need arguments and have none, nor those that are part of every release.
 * @throws ProblemError PLUGIN_REFUSED for recorded arguments that the plugin no longer understands
 */
export function readyPlugins(list: readonly ReleasePlugin[]): ReadyPlugin[] {
  return list.flatMap(({ name, args: text, version, disable }): ReadyPlugin[] => {
    const plugin = disable ? undefined : findPlugin(name, version);
    if (plugin === undefined || plugin.builtIn) {
      return [];
    }
    const { args, isEmpty, faults } = readPluginArgs(plugin, text, '');
    if (faults.length > 0) {
      const places = faults.slice(0, 5).map(({ pointer, message }) => `${pointer || 'args'} ${message}`);
      throw refused(plugin.name, `its recorded arguments cannot be used: ${places.join('; ')}`);
    }
    return isEmpty && plugin.needsArgs ? [] : [{ plugin, args }];
  });
}

/**
 * The documents after each plugin in turn: one sees what those before it made. Only plugins that say so see hooks.
 * @throws ProblemError PLUGIN_REFUSED
 */
export function applyPlugins(
  documents: readonly ManifestDocument[],
  ready: readonly ReadyPlugin[],
  context: PluginContext,
): { documents: readonly ManifestDocument[]; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const applied = ready.reduce<readonly ManifestDocument[]>((current, { plugin, args }) => {
    const seen = plugin.touchesHooks ? current : current.filter(({ hook }) => hook === undefined);
    const changes = plugin.apply(seen, args, context);
    warnings.push(...changes.warnings);
    return applyChanges(current, changes, context.namespace);
  }, documents);
  return { documents: applied, warnings };
}
