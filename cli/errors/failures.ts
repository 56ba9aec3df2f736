import type { ExitCode } from './exit-code.ts';

/** The command line or a file cannot be used: exit 2. The message says what to write instead. */
export class UsageError extends Error {
  /** Lines that help, such as the nearest name. */
  readonly hints: readonly string[];

  constructor(message: string, hints: readonly string[] = []) {
    super(message);
    this.name = 'UsageError';
    this.hints = hints;
  }
}

/** The command did not reach its goal. The message and the hints are all that is printed; the exit code says what kind it is. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  readonly hints: readonly string[];

  constructor(exitCode: ExitCode, message: string, hints: readonly string[] = []) {
    super(message);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
    this.hints = hints;
  }
}

/** The server was not reached: exit 6. */
export class NotReached extends Error {
  /** Address that was tried, without credentials. */
  readonly address: string;
  /** Whether a proxy was in between. */
  readonly proxy: string | undefined;

  constructor(address: string, reason: string, proxy: string | undefined) {
    super(reason);
    this.name = 'NotReached';
    this.address = address;
    this.proxy = proxy;
  }
}

/** An error response. `problem` is undefined if it did not come from a Walm server. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly text: string;

  constructor(status: number, text: string, problem: Problem | undefined) {
    super(problem?.errMessage ?? `HTTP ${status}`);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
    this.text = text;
  }
}

/** The body of an error response, as far as walmctl reads it. */
export interface Problem {
  readonly errMessage: string;
  readonly code: string;
  readonly requestId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Reads the body of an error response; undefined if it is none of Walm. */
export function readProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'errMessage' in value && 'code' in value;
    return isProblem ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody reads the answer any more: exit 141, without a word. */
export class ClosedPipe extends Error {}
