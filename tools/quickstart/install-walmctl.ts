import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { packWalmctl } from '../pack-walmctl.ts';
import { ROOT } from '../source-files.ts';
import { startProgress } from './progress-line.ts';

/** Bundles the command line and puts it into bin/walmctl; it runs on the Node of the PATH. */
export async function installWalmctl(): Promise<void> {
  const progress = startProgress('walmctl');
  const { folder } = await packWalmctl();
  const program = join(ROOT, 'bin/walmctl');
  mkdirSync(join(ROOT, 'bin'), { recursive: true });
  copyFileSync(join(folder, 'walmctl.mjs'), program);
  progress.done('the command line is bin/walmctl');
}
