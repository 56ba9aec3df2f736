import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ROOT } from '../source-files.ts';
import type { Part } from './parts.ts';
import { STATE } from './state-folder.ts';

/** A command that keeps running after its parent has ended. */
export interface Command {
  file: string;
  args: readonly string[];
}

const START_MS = 60_000;
const STOP_MS = 40_000;
/** A process that is just executing another program (the server does so once) has no command line for a moment. */
const MAX_MISSES = 3;

function pidFile(name: string): string {
  return join(STATE, `${name}.pid`);
}

/** File that the process writes its output to. */
function logFile(name: string): string {
  return join(STATE, `${name}.log`);
}

/** The command that runs a program of the checkout, or one with an absolute path. */
export function nodeCommand(script: string, ...args: string[]): Command {
  return { file: process.execPath, args: [resolve(ROOT, script), ...args] };
}

/**
 * Whether a process id still belongs to the process that quickstart started: ids are reused after a process has ended.
 */
function isOurs(pid: number, { mark }: Part): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(mark);
}

/** Id of the running process, undefined when it does not run. */
export function runningPid(part: Part): number | undefined {
  if (!existsSync(pidFile(part.name))) return undefined;
  const pid = Number(readFileSync(pidFile(part.name), 'utf8'));
  return isOurs(pid, part) ? pid : undefined;
}

/** Starts the part detached, its output going to its log. */
export function startInBackground({ name }: Part, { file, args }: Command): void {
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  const log = openSync(logFile(name), 'a');
  const child = spawn(file, args, { cwd: ROOT, detached: true, stdio: ['ignore', log, log] });
  if (child.pid === undefined) {
    child.on('error', () => undefined);
    throw new Error(`${file} could not be started`);
  }
  writeFileSync(pidFile(name), `${child.pid}`);
  child.unref();
}

/** Waits until the part answers; throws, with the end of its log, if it ended or does not answer within a minute. */
export async function untilAnswers(part: Part, answers: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_MS;
  let misses = 0;
  while (!(await answers().catch(() => false))) {
    misses = runningPid(part) === undefined ? misses + 1 : 0;
    if (misses > MAX_MISSES || Date.now() > deadline) {
      const log = readFileSync(logFile(part.name), 'utf8').trimEnd().split('\n').slice(-20).join('\n');
      throw new Error(`${part.name} does not answer; its log ends:\n${log}`);
    }
    await delay(100);
  }
}

/** Whether an URL answers with success. */
export async function succeeds(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

/** Stops the part: SIGTERM, and SIGKILL if it has not ended after 40 seconds. Returns false if it was not running. */
export async function stopInBackground(part: Part): Promise<boolean> {
  const pid = runningPid(part);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MS;
  while (isOurs(pid, part)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await delay(100);
  }
  rmSync(pidFile(part.name), { force: true });
  return true;
}
