import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { binaryPath } from './binaries.ts';

/** Result of a helm process: both outputs and the exit code. */
interface HelmResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** The helm command line of the same version as the engine's SDK, with folders of its own and one kubeconfig. */
export interface HelmCli {
  /** Runs helm and returns its standard output; a non-zero exit is an error with helm's message. */
  run(...args: string[]): Promise<string>;
  /** Runs helm and returns its result, even if it failed. */
  attempt(...args: string[]): Promise<HelmResult>;
  /** Starts helm in the background, until it ends by itself or is sent a signal. */
  start(...args: string[]): { ended: Promise<HelmResult>; kill(signal: 'SIGTERM' | 'SIGKILL'): void };
  /** Folder for charts and values files of this instance; `close` removes it. */
  folder: string;
  close(): void;
}

export function createHelmCli(kubeconfig: string): HelmCli {
  const folder = mkdtempSync(join(tmpdir(), 'walm-helm-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    KUBECONFIG: kubeconfig,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
  };
  const helm = binaryPath('helm');

  const start: HelmCli['start'] = (...args) => {
    const { promise: ended, resolve } = Promise.withResolvers<HelmResult>();
    const options = { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(helm, args, options, (failure, stdout, stderr) => {
      resolve({ code: failure ? Number(failure.code ?? 1) : 0, stdout, stderr });
    });
    return { ended, kill: (signal) => void child.kill(signal) };
  };
  const attempt: HelmCli['attempt'] = (...args) => start(...args).ended;

  return {
    folder,
    attempt,
    start,
    async run(...args) {
      const { code, stdout, stderr } = await attempt(...args);
      if (code !== 0) throw new Error(`helm ${args.join(' ')} exited with ${code}: ${stderr}`);
      return stdout;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
