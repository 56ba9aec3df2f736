import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ROOT } from '../source-files.ts';
import { STATE } from './state-folder.ts';

/** A TypeScript program that runs on when the command that started it has ended. */
export interface BackgroundProcess {
  name: 'server' | 'charts';
  /** Path of the program from the root of the checkout. */
  script: string;
  args: readonly string[];
}

const STOP_MS = 40_000;

function pidFile(name: string): string {
  return join(STATE, `${name}.pid`);
}

/** File that the process writes its output to. */
export function logFile(name: string): string {
  return join(STATE, `${name}.log`);
}

/** Whether a process id still belongs to what we started: ids are given out again after a process has ended. */
function isOurs(pid: number, script: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(script);
}

/** Id of the running process, undefined when it does not run. */
export function runningPid({ name, script }: Pick<BackgroundProcess, 'name' | 'script'>): number | undefined {
  if (!existsSync(pidFile(name))) return undefined;
  const pid = Number(readFileSync(pidFile(name), 'utf8'));
  return isOurs(pid, script) ? pid : undefined;
}

/** Starts the process detached, its output going to its log. */
export function startInBackground(background: BackgroundProcess): void {
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  const log = openSync(logFile(background.name), 'a');
  const child = spawn(process.execPath, [join(ROOT, background.script), ...background.args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', log, log],
  });
  if (child.pid === undefined) throw new Error(`${background.script} could not be started`);
  writeFileSync(pidFile(background.name), `${child.pid}`);
  child.unref();
}

/** Stops the process: SIGTERM, and SIGKILL when it has not ended after 40 seconds. False when it did not run. */
export async function stopInBackground(background: Pick<BackgroundProcess, 'name' | 'script'>): Promise<boolean> {
  const pid = runningPid(background);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MS;
  while (isOurs(pid, background.script)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await delay(100);
  }
  rmSync(pidFile(background.name), { force: true });
  return true;
}
