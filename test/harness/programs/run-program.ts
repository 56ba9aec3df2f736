import { execFile } from 'node:child_process';

/** What a program printed, when it ended with code 0. */
export interface ProgramOutput {
  stdout: string;
  stderr: string;
}

/** Settings of one run. */
export interface RunOptions {
  /** Milliseconds until the program is killed; 60,000 when left out. */
  timeoutMs?: number;
  cwd?: string;
  /** Variables added to those of this process. */
  env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, without a shell. Rejects with command line and both outputs when it fails. */
export function runProgram(file: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramOutput> {
  const { timeoutMs = 300_000, cwd, env = {} } = options;
  return new Promise((resolve, reject) => {
    execFile(
      file,
      args,
      { cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else
          reject(new Error(`${file} ${args.join(' ')} failed: ${error.message}\n${stdout}${stderr}`, { cause: error }));
      },
    );
  });
}
