import { constants } from 'node:os';
import { accessSync, constants as access } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

import { nodeChildProcess } from '../system/node-modules.ts';
import type { Environment } from '../system/environment.ts';

/** The program `walmctl-NAME` that stands on the PATH for an unknown command NAME; undefined if there is none. */
export function findExtension(command: string, env: Environment): string | undefined {
  if (!/^[a-z0-9][a-z0-9_-]*$/i.test(command)) return undefined;
  return (
    (env['PATH'] ?? '')
      .split(delimiter)
      // What lies where one happens to be is not meant.
      .filter((folder) => isAbsolute(folder))
      .map((folder) => join(folder, `walmctl-${command}`))
      .find(isExecutable)
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, access.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs it with the streams of this process. Resolves to its exit code; 128 and the number of the signal that ended it. */
export function runExtension(path: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = nodeChildProcess().spawn(path, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
