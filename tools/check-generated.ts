import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles, root } from './generate/generated-files.ts';

for (const [path, text] of generatedFiles()) {
  const file = join(root, path);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${path} is stale: run make generate and commit it`);
    process.exitCode = 1;
  }
}
