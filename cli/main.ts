#!/usr/bin/env node
import { EXIT } from './errors/exit-code.ts';
import { ClosedPipe } from './errors/failures.ts';
import { run } from './run.ts';
import type { Io, TextStream } from './session/io.ts';
import { nodeCrypto, nodeReadline } from './system/node-modules.ts';
import { walmctlVersion } from './version.ts';

/** What reads the answer may end before it: `walmctl list | head` is not an error. */
let isPipeClosed = false;

/** A stream of the process, which is made when it is written to or asked about: making it loads parts of Node. */
function stream(make: () => NodeJS.WriteStream): TextStream {
  let made: NodeJS.WriteStream | undefined;
  const target = (): NodeJS.WriteStream => {
    if (made !== undefined) return made;
    made = make();
    made.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      isPipeClosed = true;
      process.exitCode = EXIT.closedPipe;
    });
    return made;
  };
  return {
    write(text) {
      if (isPipeClosed) throw new ClosedPipe();
      target().write(text);
    },
    get isTerminal() {
      return target().isTTY;
    },
    size: () => ({
      columns: Number(process.env['COLUMNS']) || target().columns || 80,
      rows: target().rows || 24,
    }),
  };
}

/** A second Ctrl-C within this time ends at once. */
const TWICE_MS = 2000;

function onInterrupt(call: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const heard = (): void => {
    const now = performance.now();
    if (now - last < TWICE_MS) {
      process.removeListener('SIGINT', heard);
      process.kill(process.pid, 'SIGINT');
    }
    last = now;
    call();
  };
  process.on('SIGINT', heard);
  return () => void process.removeListener('SIGINT', heard);
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
    if (signal?.aborted === true) done();
  });
}

async function readAll(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function readLine(): Promise<string> {
  return new Promise((resolve) => {
    const lines = nodeReadline().createInterface({ input: process.stdin });
    lines.once('line', (line) => {
      lines.close();
      resolve(line);
    });
    lines.once('close', () => resolve(''));
  });
}

const io: Io = {
  env: process.env,
  version: walmctlVersion,
  out: stream(() => process.stdout),
  err: stream(() => process.stderr),
  input: {
    get isTerminal() {
      return process.stdin.isTTY;
    },
    readAll,
    readLine,
  },
  now: () => Date.now(),
  clock: () => performance.now(),
  pause,
  every(ms, call) {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
  onInterrupt,
  uniqueId: () => nodeCrypto().randomUUID(),
  random: () => Math.random(),
};

const code = await run(process.argv.slice(2), io);
process.exitCode = process.exitCode ?? code;
