import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { foreignChart } from './charts.ts';

/**
 * The common library of the foreign jsonnet charts, unpacked into a folder of its own; undefined if it is absent.
 * `close` removes the folder.
 */
export function commonLibrary(): { folder: string; close(): void } | undefined {
  const archive = foreignChart('ksonnet-lib-beta.2');
  if (archive === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'walm-library-'));
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}
