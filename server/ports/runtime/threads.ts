import type { JsonValue } from '../../../contract/schemas/json.ts';
import type { ProblemCode } from '../../../contract/problems/problem.ts';
import type { ProblemObject } from '../../domain/errors/problem-error.ts';

/** What a job came to. Problems cross as data: errors of ours would lose their kind on the way. */
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
 * A job by its name in the table of jobs; input and value are copied between threads, but for bytes that are the whole
 * of their memory: they are moved, and empty for who gave them.
 */
export interface Job {
  readonly name: string;
  readonly input: JsonValue | Uint8Array | Readonly<Record<string, JsonValue | Uint8Array>>;
}

/** Computing that may take longer than others can wait for the event loop, in threads with limits of time and memory. */
export interface Threads {
  /**
   * Runs a job; those of different holders take turns, and waiting is not counted as time.
   * @returns the value, which is what the job of that name makes
   * @throws ProblemError what the job is refused with; BODY_TOO_COMPLEX when it takes more time or memory than a job may
   */
  run(job: Job, holder: string): Promise<unknown>;
  /** Jobs that wait for a thread. */
  waiting(): number;
  close(): Promise<void>;
}

/** Memory that belongs to the bytes of a job alone: a body that is copied is in memory twice. */
export function ownedBy({ input }: Job): ArrayBuffer[] {
  const parts = input instanceof Uint8Array ? [input] : typeof input === 'object' ? Object.values(input ?? {}) : [];
  return parts.flatMap((part) =>
    part instanceof Uint8Array && part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength
      ? [part.buffer]
      : [],
  );
}
