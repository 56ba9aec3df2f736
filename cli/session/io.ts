import type { Environment } from '../system/environment.ts';

/** A stream that text is written to. */
export interface TextStream {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns and rows of the terminal; 80 and 24 where that is not known. */
  size(): { readonly columns: number; readonly rows: number };
}

/** Everything outside of the process that a run touches, besides files and the server. */
export interface Io {
  readonly env: Environment;
  readonly version: string;
  readonly out: TextStream;
  readonly err: TextStream;
  readonly input: {
    readonly isTerminal: boolean;
    /** Everything up to its end. */
    readAll(): Promise<string>;
    /** One line, after a question. */
    readLine(): Promise<string>;
  };
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  clock(): number;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back every so many milliseconds, until the returned function is called. */
  every(ms: number, call: () => void): () => void;
  /** Calls back at Ctrl-C instead of ending, until the returned function is called. */
  onInterrupt(call: () => void): () => void;
  /** A random text that nobody else has. */
  uniqueId(): string;
  /** A random number in [0, 1). */
  random(): number;
}
