import type { PluginInfoList } from '../../../contract/schemas/plugin.ts';
import { plugins } from '../../domain/plugins/registry.ts';

/** All plugins with their documentation, by name. */
export function listPlugins(): PluginInfoList {
  return {
    items: plugins.map(({ name, version, description, args, example, builtIn, needsArgs, touchesHooks, allows }) => ({
      name,
      version,
      description,
      args: { ...args },
      example,
      builtIn,
      needsArgs,
      touchesHooks,
      ...(allows !== undefined && { allows: [...allows] }),
    })),
  };
}
