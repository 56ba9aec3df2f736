import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that serves something until it is ended. */
export interface ServerProgram {
  /** The name that errors use for it. */
  name: string;
  /** Path of the program, or its name on the PATH. */
  file: string;
  args: readonly string[];
  cwd?: string;
  /** Environment variables in addition to those of the test. */
  env?: Readonly<Record<string, string>>;
  /** File that both outputs are written to; without one, the last output is kept for errors. */
  logFile?: string;
  /**
   * Whether the program is ready; throwing means not yet. Called every 50 ms; `printed` returns the end of its output.
   */
  ready(printed: () => string): Promise<boolean> | boolean;
  /** Longest wait until it is ready, in milliseconds; 20,000 when left out. */
  readyWithinMs?: number;
}

/** A child process that the test can stop and start again. */
export interface ServerProcess {
  /** Process id of the latest start. */
  pid(): number;
  /** Starts the process again after it has ended; resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends the process at once, as kill -9 does, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Sends SIGTERM and returns the exit code: null if the process had to be killed after 40 seconds. */
  stop(): Promise<number | null>;
  /** Freezes and resumes the process: connections stay open, and from the moment this returns nothing is answered. */
  freeze(): void;
  wake(): void;
}

const READY_MS = 600_000;
const POLL_MS = 50;
const STOP_MS = 120_000;
const FREEZE_MS = 60_000;
/** Characters of the output that an error shows. */
const PRINTED = 20_000;

/**
 * Starts the program; resolves when it is ready. Rejects, with the end of its output, if it ended or is not ready in
 * time.
 */
export async function startServerProcess(program: ServerProgram): Promise<ServerProcess> {
  let child = await start(program);
  return {
    pid: () => child.pid ?? -1,
    async restart() {
      child = await start(program);
    },
    async kill() {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGTERM'),
    freeze() {
      child.kill('SIGSTOP');
      awaitStopped(child.pid ?? 0);
    },
    wake: () => void child.kill('SIGCONT'),
  };
}

/** A thread on another processor may still answer when the signal is sent. Without /proc this cannot be checked. */
function awaitStopped(pid: number): void {
  const over = Date.now() + FREEZE_MS;
  while (Date.now() < over && threadStates(pid).some((state) => state !== 'T'));
}

function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      // The name before it, in brackets, may contain anything.
      return stat.charAt(stat.lastIndexOf(')') + 2);
    });
  } catch {
    return [];
  }
}

async function start(program: ServerProgram): Promise<ChildProcess> {
  const { name, file, args, cwd, env, logFile, readyWithinMs = READY_MS } = program;
  const log = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  if (log !== 'pipe') closeSync(log);
  let kept = '';
  const keep = (chunk: Buffer): void => void (kept = (kept + chunk.toString()).slice(-PRINTED));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const printed = (): string => (logFile === undefined ? kept : readFileSync(logFile, 'utf8').slice(-PRINTED));
  await once(child, 'spawn');

  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await look(program, printed);
    if (hasEnded(child)) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}:\n${printed()}`);
    if (answer === true) return child;
    if (performance.now() > deadline) {
      await end(child, 'SIGKILL');
      throw new Error(`${name} does not serve after ${readyWithinMs} ms: ${String(answer)}\n${printed()}`);
    }
    await delay(POLL_MS);
  }
}

/** Whether the program is ready, or the error that says why not. */
async function look(program: ServerProgram, printed: () => string): Promise<unknown> {
  try {
    return await program.ready(printed);
  } catch (error) {
    return error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode;
  const exit = once(child, 'exit');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill(signal);
  await exit;
  clearTimeout(deadline);
  return child.exitCode;
}
