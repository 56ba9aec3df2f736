import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that serves something until it is ended. */
export interface ServerProgram {
  /** How errors call it. */
  name: string;
  /** Path of the program, or its name on the PATH. */
  file: string;
  args: readonly string[];
  cwd?: string;
  /** Variables that it has beside those of the test. */
  env?: Readonly<Record<string, string>>;
  /** File that both outputs are written to; where there is none, what was printed last is kept for errors. */
  logFile?: string;
  /** Whether it serves now; throwing means not yet. It is asked every 50 ms; `printed` is the end of its output. */
  ready(printed: () => string): Promise<boolean> | boolean;
  /** Longest wait for that, in milliseconds; 20,000 when left out. */
  readyWithinMs?: number;
}

/** A child process of the test that it can take away and give back. */
export interface ServerProcess {
  /** Of the latest start. */
  pid(): number;
  /** Starts it again after it has ended; resolves when it serves. */
  restart(): Promise<void>;
  /** Ends it at once, as kill -9 does, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end (SIGTERM) and answers its exit code: null when it had to be killed, after 40 seconds. */
  stop(): Promise<number | null>;
  /** Freezes and wakes the process: connections stay open and nothing is answered, from the moment that this returns. */
  freeze(): void;
  wake(): void;
}

const READY_MS = 120_000;
const POLL_MS = 50;
const STOP_MS = 120_000;
const FREEZE_MS = 60_000;
/** Characters of the output that an error shows. */
const PRINTED = 20_000;

/** Starts the program; resolves when it serves. Rejects, with the end of its output, when it ended or does not in time. */
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

/** A thread that runs on another processor may still answer when the signal is sent. Where there is no /proc nobody can tell. */
function awaitStopped(pid: number): void {
  const over = Date.now() + FREEZE_MS;
  while (Date.now() < over && threadStates(pid).some((state) => state !== 'T'));
}

function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      // The name before it, in brackets, may hold anything.
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

/** Whether it serves, or the error that says why not. */
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
