import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageVersion } from '../server/process/package-version.ts';
import { ROOT } from './source-files.ts';
import { bundleWalmctl, thirdPartyNotices } from './walmctl/bundle.ts';

const README = `# walmctl

The command line of Walm, an application manager for Kubernetes over Helm.

    walmctl --help
    walmctl -s https://walm.example.com list -A

It is one file without dependencies and runs on Node 20 and later. Linked as kubectl-walm it is \`kubectl walm\`, too.
`;

/** Writes the folder, dist/walmctl where none is named: a package without dependencies and without scripts. Returns its folder and the size of the bundle. */
export async function packWalmctl(folder = join(ROOT, 'dist/walmctl')): Promise<{ folder: string; bytes: number }> {
  const { code, map } = await bundleWalmctl();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'walmctl.mjs');
  writeFileSync(program, code);
  chmodSync(program, 0o755);
  writeFileSync(`${program}.map`, map);
  const description = {
    name: 'walmctl',
    version: packageVersion(),
    description: 'The command line of Walm, an application manager for Kubernetes over Helm',
    license: 'Apache-2.0',
    type: 'module',
    bin: { walmctl: 'walmctl.mjs', 'kubectl-walm': 'walmctl.mjs' },
    files: ['walmctl.mjs', 'THIRD-PARTY'],
    engines: { node: '>=20' },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), README);
  writeFileSync(join(folder, 'THIRD-PARTY'), thirdPartyNotices());
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return { folder, bytes: Buffer.byteLength(code) };
}

if (import.meta.main) {
  const { folder, bytes } = await packWalmctl();
  console.log(`${folder}: walmctl.mjs, ${bytes} bytes`);
}
