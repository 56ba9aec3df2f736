import type { PluginInfoList } from '../../../contract/schemas/plugin.ts';
import type { HandlersOf } from './handler.ts';

/** The handlers of the operations on plugins. */
export function createPluginHandlers(services: {
  readonly listPlugins: () => PluginInfoList;
}): HandlersOf<'listPlugins'> {
  return { listPlugins: async () => ({ status: 200, body: services.listPlugins() }) };
}
