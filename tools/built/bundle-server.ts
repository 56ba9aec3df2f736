import { join } from 'node:path';

import { type OutputChunk, rolldown, type RolldownPlugin } from 'rolldown';

import { ROOT } from '../source-files.ts';
import { leaveOut } from './leave-out.ts';

/** A file of the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly content: string;
}

/** Programs of the server: the main one, and what its threads start with. */
const PROGRAMS = {
  walm: 'server/main.ts',
  'thread-jobs': 'server/composition/thread-jobs.ts',
  'pool-worker': 'node_modules/tinypool/dist/entry/worker.js',
};

/** The part of the Kubernetes client that the server uses: kubeconfigs. The rest is 1 MB of models. */
const KUBECONFIG_ONLY = join(ROOT, 'node_modules/@kubernetes/client-node/dist/config.js');

/**
 * Where a module finds a file beside itself, it finds it beside the bundle. Each text has to be in the module, so that a
 * newer version of a package cannot lose it unnoticed.
 */
const REWRITES: readonly { readonly module: string; readonly from: string; readonly to: string }[] = [
  {
    module: 'server/composition/adapters/product.ts',
    from: "new URL('../thread-jobs.ts', import.meta.url)",
    to: "new URL('./thread-jobs.mjs', import.meta.url)",
  },
  {
    module: 'server/process/package-version.ts',
    from: "new URL('../../package.json', import.meta.url)",
    to: "new URL('./package.json', import.meta.url)",
  },
  {
    module: 'node_modules/tinypool/dist/index.js',
    from: 'fileURLToPath(import.meta.url + "/../entry/worker.js")',
    to: 'fileURLToPath(new URL("./pool-worker.mjs", import.meta.url))',
  },
  {
    module: 'node_modules/@platformatic/wasm-utils/dist/index.js',
    from: "new URL('../dist/native.wasm', import.meta.url)",
    to: "new URL('./native.wasm', import.meta.url)",
  },
  {
    module: 'node_modules/@fastify/swagger-ui/lib/routes.js',
    from: "path.join(__dirname, '..', 'static')",
    to: "path.join(__dirname, 'static')",
  },
];

/** Files of packages that are read at run time: from node_modules, to the folder of the bundle. */
export const ASSETS: readonly { readonly from: string; readonly to: string }[] = [
  { from: '@platformatic/wasm-utils/dist/native.wasm', to: 'native.wasm' },
  { from: '@fastify/swagger-ui/static', to: 'static' },
];

/** Replaces the texts of `REWRITES`; throws at the end where one was not found. */
function findBesideTheBundle(): RolldownPlugin {
  const left = new Set(REWRITES);
  return {
    name: 'find-beside-the-bundle',
    transform(code, id) {
      const rewrite = REWRITES.find(({ module }) => id === join(ROOT, module));
      if (rewrite === undefined || !code.includes(rewrite.from)) return null;
      left.delete(rewrite);
      return { code: code.replace(rewrite.from, rewrite.to), map: null };
    },
    buildEnd() {
      if (left.size > 0) {
        throw new Error([...left].map(({ module, from }) => `${module} has no ${from} any more`).join('; '));
      }
    },
  };
}

/**
 * Bundles the server: `walm.mjs`, the entries of its threads, and what they share. What is imported dynamically is in
 * files of its own, read when it is needed. All files lie in one folder, beside `ASSETS` and a package.json with the
 * version; each has the map of its sources beside it. Twice the same sources give the same bytes.
 */
export async function bundleServer(): Promise<BundledFile[]> {
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, join(ROOT, file)])),
    cwd: ROOT,
    platform: 'node',
    tsconfig: false,
    resolve: { alias: { '@kubernetes/client-node': KUBECONFIG_ONLY } },
    transform: { target: 'node24', define: { __dirname: 'import.meta.dirname' } },
    plugins: [findBesideTheBundle(), leaveOut()],
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    comments: { legal: false, jsdoc: false, annotation: false },
    sourcemap: true,
  });
  await build.close();
  const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
  return chunks.flatMap(({ fileName, code, map }) => [
    { name: fileName, content: code },
    ...(map === null ? [] : [{ name: `${fileName}.map`, content: JSON.stringify(map) }]),
  ]);
}
