import { anyToken } from '../schemas/access.ts';
import { operation } from './operation.ts';
import { PluginInfoList } from '../schemas/plugin.ts';

/** The operations on plugins. */
export const pluginOperations = {
  listPlugins: operation({
    method: 'GET',
    path: '/api/v1/plugin',
    tag: 'plugin',
    access: anyToken,
    summary: 'List the plugins that a release can have',
    responses: { 200: { description: 'By name, with what their arguments can be.', schema: PluginInfoList } },
    errors: [],
    errorPrefix: 'failed to list plugins: ',
  }),
};
