import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** The common library of the original's jsonnet charts, unpacked from its archive into a folder of its own. */
export async function unpackJsonnetLibrary(archive: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'walm-jsonnet-'));
  await runProgram('tar', ['xzf', archive, '-C', folder]);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
