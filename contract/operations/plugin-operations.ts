import { anyToken } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';
import { PluginInfoList } from '../schemas/plugin.ts';

/** The operations on plugins. */
export const pluginOperations = {
  listPlugins: operation({
    method: 'GET',
    path: '/api/v1/plugin',
    tag: 'plugin',
    access: anyToken,
    summary: 'List the available plugins',
    responses: {
      200: { description: 'The plugins by name, with the schema of their arguments.', schema: PluginInfoList },
    },
    errors: [],
    errorPrefix: 'failed to list plugins: ',
  }),
};
