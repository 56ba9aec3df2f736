import type { RolldownPlugin } from 'rolldown';

/** What `@kubernetes/client-node` imports for its API clients, which the server does not use: names by module. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  undici: ['Agent', 'ProxyAgent'],
  './gen/index.js': ['createConfiguration', 'ServerConfiguration'],
};

/** Everything of node:http but what it takes from undici. */
const HTTP_NAMES =
  'Agent, ClientRequest, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, Server, ServerResponse, createServer, ' +
  'get, globalAgent, maxHeaderSize, request, validateHeaderName, validateHeaderValue, _connectionListener';

/**
 * A bundle without what is never called and costs a quarter of the start. Importing the namespace of node:http reads its
 * getters, which load the undici inside of Node; requiring the module does not.
 */
export function leaveOut(): RolldownPlugin {
  return {
    name: 'leave-out',
    resolveId(id, importer) {
      if (importer?.endsWith('/@kubernetes/client-node/dist/config.js') === true && Object.hasOwn(UNUSED, id)) {
        return `\0unused:${id}`;
      }
      return /^(node:)?http$/.test(id) && importer?.startsWith('\0') !== true ? '\0required:http' : null;
    },
    load(id) {
      if (id === '\0required:http') {
        return [
          "import { createRequire } from 'node:module';",
          'const load = createRequire(import.meta.url);',
          "const http = load('node:http');",
          'export default http;',
          `export const { ${HTTP_NAMES} } = http;`,
        ].join('\n');
      }
      if (!id.startsWith('\0unused:')) return null;
      const names = UNUSED[id.slice('\0unused:'.length)] ?? [];
      const missing = "throw new Error('a part of the Kubernetes client that is not in the bundle was called');";
      return names.map((name) => `export function ${name}() { ${missing} }`).join('\n');
    },
  };
}
