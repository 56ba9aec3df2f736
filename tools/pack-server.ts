import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageVersion } from '../server/process/package-version.ts';
import { ASSETS, bundleServer } from './built/bundle-server.ts';
import { ROOT } from './source-files.ts';

/** The server as it was built. */
export interface BuiltServer {
  readonly folder: string;
  /** Path of its main program. */
  readonly program: string;
  /** Bytes of all its programs. */
  readonly bytes: number;
}

/**
 * Writes the server without TypeScript and without node_modules. What was in the folder is replaced at once: a server
 * that runs from it finds the parts that it has not loaded yet only if they did not change.
 */
export async function packServer(folder = join(ROOT, 'dist/server')): Promise<BuiltServer> {
  const files = await bundleServer();
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const { name, content } of files) writeFileSync(join(fresh, name), content);
  for (const { from, to } of ASSETS) cpSync(join(ROOT, 'node_modules', from), join(fresh, to), { recursive: true });
  const description = { name: 'walm-server', version: packageVersion(), private: true, type: 'module' };
  writeFileSync(join(fresh, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  const programs = files.filter(({ name }) => name.endsWith('.mjs'));
  const bytes = programs.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { folder, program: join(folder, 'walm.mjs'), bytes };
}

if (import.meta.main) {
  const { program, bytes } = await packServer();
  console.log(`${program} and its parts, ${bytes} bytes`);
}
