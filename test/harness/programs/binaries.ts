import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The programs that `make build` and tools/install-helm.sh put into bin/. */
export type BinaryName = 'walm-engine' | 'walm-sandbox' | 'helm';

const MADE_BY: Readonly<Record<BinaryName, string>> = {
  'walm-engine': 'make bin/walm-engine',
  'walm-sandbox': 'make bin/walm-sandbox',
  helm: 'make bin/helm',
};

/** Absolute path of a built program. Throws if it does not exist, naming the command that builds it. */
export function binaryPath(name: BinaryName): string {
  const path = fileURLToPath(new URL(`../../../bin/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`bin/${name} is not built: run \`${MADE_BY[name]}\``);
  return path;
}
