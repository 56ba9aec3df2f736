import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { rolldown } from 'rolldown';

import { packageVersion } from '../../server/process/package-version.ts';
import { ROOT } from '../source-files.ts';
import { leanLibraries } from './lean-libraries.ts';

/** walmctl as one file, and the map of its sources. */
export interface Bundle {
  readonly code: string;
  readonly map: string;
}

/**
 * Bundles walmctl into one file for Node 20 and later. What a command does not need is not evaluated: modules that are
 * imported dynamically are functions in the file. Twice the same sources give the same bytes.
 */
export async function bundleWalmctl(): Promise<Bundle> {
  const build = await rolldown({
    input: join(ROOT, 'cli/main.ts'),
    cwd: ROOT,
    platform: 'node',
    transform: { target: 'node20', define: { WALMCTL_VERSION: JSON.stringify(packageVersion()) } },
    treeshake: { moduleSideEffects: false },
    tsconfig: false,
    // The package's modules for browsers are its only ones that a bundler can take apart; they do the same.
    resolve: { alias: { yaml: join(ROOT, 'node_modules/yaml/browser/dist/index.js') } },
    plugins: [leanLibraries],
  });
  const { output } = await build.generate({
    format: 'esm',
    codeSplitting: false,
    minify: true,
    comments: { legal: false, jsdoc: false, annotation: false },
    sourcemap: 'hidden',
    file: 'walmctl.mjs',
  });
  await build.close();
  const [chunk, ...others] = output.filter((part) => part.type === 'chunk');
  if (chunk === undefined || others.length > 0) throw new Error(`walmctl was bundled into ${others.length + 1} files`);
  return { code: chunk.code, map: JSON.stringify(chunk.map) };
}

/** Licence notices of the packages that the bundle contains. */
export function thirdPartyNotices(): string {
  const packages = ['commander', 'yaml'].map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: string;
      license: string;
    };
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  return `walmctl contains these packages.\n\n${packages.join('\n----\n\n')}`;
}
