import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

import { childrenOf } from '../process-tree.ts';
import { freePort } from './free-port.ts';
import { startServerProcess } from './server-process.ts';

/** Settings of a test's server. */
export interface WalmServerOptions {
  kubeconfig: string;
  /** Written to walm.yaml as `repoList`. */
  repositories?: { name: string; url: string; username?: string; password?: string; caFile?: string }[];
  /** Further flags, such as `--shutdown-sec=5`. */
  flags?: string[];
  /** Port to listen on; a free one when left out. */
  port?: number;
  /** How long it may take until it is ready, in milliseconds. */
  readyWithinMs?: number;
  /** An earlier server whose port and data folder this one takes over. */
  after?: WalmServer;
  /** The main program of a server that was built; that of the sources when left out. */
  program?: string;
  /** Folder of test/faults/halting-fault-points.ts, for a server that can be halted there. */
  faults?: string;
  /** Folder of test/hostile/observation.ts, for a server that reports its own measurements. */
  observed?: string;
}

/** A server process. */
export interface WalmServer {
  url: string;
  port: number;
  pid: number;
  folder: string;
  /** Standard output and error of the process. */
  logFile: string;
  log(): string;
  /** Process ids of its children: the engine. */
  children(): number[];
  /**
   * Sends SIGTERM and returns the exit code; a process that is left after 40 s is killed and has code null. Removes the
   * folder.
   */
  stop(): Promise<number | null>;
  /** Sends SIGKILL, and resolves when the process is gone. The folder stays for a successor. */
  kill(): Promise<void>;
}

const NODE = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
/** Compile cache of servers that are killed often: half of a start is compiling. */
const COMPILED = fileURLToPath(new URL('../../../.cache/faulty-server', import.meta.url));
const FAULTY = fileURLToPath(new URL('../../faults/faulty-server.ts', import.meta.url));
const OBSERVED = fileURLToPath(new URL('../../hostile/observed-server.ts', import.meta.url));

/** Starts the server on a free port of 127.0.0.1 and resolves once it reports that it is ready. */
export async function startWalmServer(options: WalmServerOptions): Promise<WalmServer> {
  const { kubeconfig, repositories = [], flags = [], after, program = MAIN, faults, observed } = options;
  const folder = after?.folder ?? mkdtempSync(join(tmpdir(), 'walm-server-'));
  const port = after?.port ?? options.port ?? (await freePort());
  const configFile = join(folder, 'walm.yaml');
  writeFileSync(configFile, stringify({ repoList: repositories }));
  const logFile = join(folder, `server-${Date.now()}.log`);
  const own = [`--config=${configFile}`, `--kubernetes-kubeconfig=${kubeconfig}`, `--http-port=${port}`];
  const folders = [`--data-dir=${join(folder, 'data')}`, '--log-format=json'];
  const url = `http://127.0.0.1:${port}`;
  const started = await startServerProcess({
    name: 'the server',
    file: NODE,
    args: [...programOf(program, faults, observed), ...own, ...folders, ...flags],
    cwd: folder,
    ...(faults !== undefined && { env: { NODE_COMPILE_CACHE: COMPILED } }),
    logFile,
    ready: () => ready(url),
    ...(options.readyWithinMs !== undefined && { readyWithinMs: options.readyWithinMs }),
  }).catch((failure: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw failure;
  });

  return {
    url,
    port,
    pid: started.pid(),
    folder,
    logFile,
    log: () => readFileSync(logFile, 'utf8'),
    children: () => childrenOf(started.pid()),
    async stop() {
      const code = await started.stop();
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
    kill: () => started.kill(),
  };
}

function programOf(program: string, faults: string | undefined, observed: string | undefined): string[] {
  if (observed !== undefined) return [OBSERVED, observed];
  return faults === undefined ? [program] : [FAULTY, faults];
}

async function ready(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readiness`);
  if (answer.status !== 200) throw new Error(`readiness answers ${answer.status} ${await answer.text()}`);
  return true;
}
