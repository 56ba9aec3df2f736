import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a finished helm process left: both outputs and the exit code. */
export interface HelmResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** The helm command line of the same version as the engine's SDK, with folders of its own and one kubeconfig. */
export interface HelmCli {
  /** Runs helm and answers its standard output; a non-zero exit is an error with what helm said. */
  run(...args: string[]): Promise<string>;
  /** Runs helm and answers however it ended. */
  attempt(...args: string[]): Promise<HelmResult>;
  /** Folder for charts and values files of this instance; goes with `close`. */
  folder: string;
  close(): void;
}

/** Where tools/install-helm.sh puts the binary. */
const HELM = fileURLToPath(new URL('../../bin/helm', import.meta.url));

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

  function attempt(...args: string[]): Promise<HelmResult> {
    return new Promise((resolve) => {
      execFile(HELM, args, { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (failure, stdout, stderr) => {
        resolve({
          code: failure ? Number(failure.code ?? 1) : 0,
          stdout,
          stderr: failure ? `${failure.message}\n${stderr}` : stderr,
        });
      });
    });
  }

  return {
    folder,
    attempt,
    async run(...args) {
      const result = await attempt(...args);
      if (result.code !== 0) {
        throw new Error(`helm ${args.join(' ')} exited with ${result.code}: ${result.stderr}`);
      }
      return result.stdout;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
