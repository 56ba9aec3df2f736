import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { JsonObject } from '../json/json.ts';
import type { TransformDocuments } from '../kube/manifest-document.ts';
import { type Plugin, type PluginContext, refused } from './plugin.ts';
import { readPluginArgs } from './plugin-args.ts';
import { findPlugin } from './registry.ts';

/** A plugin with the arguments of a release. */
type ReadyPlugin = { plugin: Plugin; args: JsonObject };

/**
 * The plugins of a release that change something, as transforms in its order, pausing last, so that what others add is
 * paused, too. Disabled and unknown plugins change nothing, nor do those that lack required arguments, nor those that
 * are part of every release. Only plugins that request it see hooks.
 * @throws ProblemError PLUGIN_REFUSED for recorded arguments that the plugin no longer accepts
 */
export function pluginTransforms(list: readonly ReleasePlugin[], context: PluginContext): TransformDocuments[] {
  return list
    .flatMap(ready)
    .toSorted((a, b) => Number(a.plugin.last) - Number(b.plugin.last))
    .map(({ plugin, args }): TransformDocuments => {
      return (documents) =>
        plugin.apply(
          plugin.touchesHooks ? documents : documents.filter(({ hook }) => hook === undefined),
          args,
          context,
        );
    });
}

/**
 * Whether one of the plugins needs the merge keys of the documents' kinds.
 * @throws ProblemError like `pluginTransforms`
 */
export function mergeLists(list: readonly ReleasePlugin[]): boolean {
  return list.flatMap(ready).some(({ plugin }) => plugin.mergesLists);
}

function ready({ name, args: text, version, disable }: ReleasePlugin): ReadyPlugin[] {
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
}
