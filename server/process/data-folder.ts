import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config-options.ts';
import { ConfigError } from '../config/config.ts';

/** The server's own folders; everything in them can be rebuilt from the cluster. */
export interface DataFolder {
  /** Identifies this replica, the same after every restart on this folder. */
  readonly instanceId: string;
  /** Chart archives by digest, shared with the engine. */
  readonly chartFolder: string;
  /** The engine's notes about records that it is reading. */
  readonly recordFolder: string;
  /** Large documents passed between server and engine; private, in memory if possible. */
  readonly spillFolder: string;
  /** Releases the folder for the next server. */
  close(): void;
}

const memoryFolder = '/dev/shm';

/**
 * Locks the data folder for this process: creates what is missing (mode 0700) and removes what a killed server left.
 * @throws ConfigError if another running server uses the folder, or it cannot be created
 */
export function openDataFolder({ dataDir, spillDir, instanceId }: Config): DataFolder {
  const folder = resolve(dataDir);
  const chartFolder = join(folder, 'charts');
  makeFolder(chartFolder);
  const recordFolder = join(folder, 'records');
  makeFolder(recordFolder);
  const lock = join(folder, 'server.pid');
  takeLock(lock, folder);
  const id = instanceId || `${hostname()}-${rememberedId(join(folder, 'instance-id'))}`;
  const spillParent = spillDir || (existsSync(memoryFolder) ? memoryFolder : folder);
  const spillFolder = join(resolve(spillParent), `walm-spill-${id}`);
  rmSync(spillFolder, { recursive: true, force: true });
  makeFolder(spillFolder);
  for (const name of readdirSync(chartFolder)) {
    if (name.endsWith('.part')) {
      rmSync(join(chartFolder, name));
    }
  }
  return {
    instanceId: id,
    chartFolder,
    recordFolder,
    spillFolder,
    close() {
      rmSync(spillFolder, { recursive: true, force: true });
      rmSync(lock, { force: true });
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError([`cannot make the folder ${folder}: ${error instanceof Error ? error.message : 'unknown'}`]);
  }
}

/** Two servers on one folder would have the same identity in the leader election. */
function takeLock(lock: string, folder: string): void {
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (pid !== process.pid && isServer(pid)) {
    throw new ConfigError([`dataDir ${folder} is in use by the server with process id ${pid}; give this one its own`]);
  }
  writeFileSync(lock, String(process.pid), { mode: 0o600 });
}

/** Whether a running process looks like a server: process ids are reused by other programs. */
function isServer(pid: number): boolean {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.');
  } catch {
    return false;
  }
}

function rememberedId(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, randomUUID().slice(0, 8), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
