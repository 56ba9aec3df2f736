import type { JsonValue } from '../../../contract/schemas/json.ts';
import type { ProblemCode } from '../../../contract/problems/problem.ts';
import type { ProblemObject } from '../../domain/errors/problem-error.ts';

/** The result of a job. Problems cross the thread boundary as data, because error objects would lose their class. */
export type JobOutcome<T> =
  | { readonly value: T }
  | {
      readonly problem: {
        code: ProblemCode;
        message: string;
        details: Record<string, unknown>;
        object?: ProblemObject;
      };
    };

/**
 * A job by its name in the table of jobs. Input and value are copied between threads, except bytes that fill their
 * whole buffer: those are transferred, and the sender's become empty.
 */
export interface Job {
  readonly name: string;
  readonly input: JsonValue | Uint8Array | Readonly<Record<string, JsonValue | Uint8Array>>;
}

/** Computations that would block the event loop for too long, in threads with limits of time and memory. */
export interface Threads {
  /**
   * Runs a job; jobs of different holders take turns, and waiting does not count as time.
   * @returns the value that the job of that name computes
   * @throws ProblemError what the job is refused with; BODY_TOO_COMPLEX if it exceeds its time or memory
   */
  run(job: Job, holder: string): Promise<unknown>;
  /** Number of jobs that wait for a thread. */
  waiting(): number;
  close(): Promise<void>;
}

/** Buffers that contain only the bytes of a job: copying a body would hold it in memory twice. */
export function ownedBy({ input }: Job): ArrayBuffer[] {
  const parts = input instanceof Uint8Array ? [input] : typeof input === 'object' ? Object.values(input ?? {}) : [];
  return parts.flatMap((part) =>
    part instanceof Uint8Array && part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength
      ? [part.buffer]
      : [],
  );
}
