import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What a command did. */
export interface Ran {
  /** Exit code; 128 and the number of the signal where one ended it, as shells say it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has printed until now. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<Ran>;
}

/** A home of its own for commands: settings, caches and files of one test. */
export interface Shell {
  readonly home: string;
  /** Starts a command line of bash. */
  start(line: string, env?: Record<string, string>): Running;
  run(line: string, env?: Record<string, string>): Promise<Ran>;
  close(): void;
}

/**
 * Opens a shell that finds `walmctl` in `bin`, runs it with the `node` of a folder, and knows nothing of the person who
 * runs the tests.
 */
export function openShell(
  bin: string,
  own: Record<string, string> = {},
  node: string = dirname(process.execPath),
): Shell {
  const home = mkdtempSync(join(tmpdir(), 'walmctl-home-'));
  mkdirSync(join(home, 'work'));
  const surroundings = {
    PATH: [bin, node, process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
    ...own,
  };
  const start: Shell['start'] = (line, env = {}) => {
    const child = spawn('bash', ['-c', line], {
      cwd: join(home, 'work'),
      env: { ...surroundings, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
      code: typeof code === 'number' ? code : signal === 'SIGINT' ? 130 : 143,
      out,
      err,
    }));
    return { child, out: () => out, err: () => err, ended };
  };
  return {
    home,
    start,
    run: (line, env) => start(line, env).ended,
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
