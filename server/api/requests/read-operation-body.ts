import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { operations, type OperationId } from '../../../contract/operations/operations.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import { decodeUtf8 } from './chart-form.ts';
import type { JsonTextOptions } from './json-text.ts';
import { readBody } from './validate-body.ts';

/** The bytes of an operation's body, and how to parse them. */
export interface BodyReadingInput {
  readonly operation: OperationId;
  readonly bytes: Uint8Array;
  readonly options: JsonTextOptions;
}

/** A valid body of an operation, with its warnings. */
export interface BodyReading {
  readonly body: unknown;
  readonly warnings: readonly Warning[];
}

/**
 * Parses a body in place.
 * @throws ProblemError BODY_MALFORMED, BODY_TOO_COMPLEX, REQUEST_INVALID
 */
export function readOperationBody({ operation, bytes, options }: BodyReadingInput): BodyReading {
  const row: Operation = operations[operation];
  return row.body === undefined
    ? { body: undefined, warnings: [] }
    : readBody(row.body.schema, decodeUtf8(bytes), options);
}

/** Larger bodies may block the event loop for more than a few milliseconds. */
const READ_HERE_BYTES = 32 * 1024;

/** Parses bodies: small ones in place, others in a thread. Throws as `readOperationBody`. */
export type ReadBody = (input: BodyReadingInput, holder: string) => Promise<BodyReading>;

export function createBodyReader(threads: Threads): ReadBody {
  return async function readBody(input, holder) {
    if (input.bytes.length <= READ_HERE_BYTES) {
      return readOperationBody(input);
    }
    const job = { name: 'readBody', input: { ...input, options: { ...input.options } } };
    // The output of the job of this name (server/composition/thread-jobs.ts).
    const { json, warnings } = (await threads.run(job, holder)) as { json?: string; warnings: Warning[] };
    return { body: json === undefined ? undefined : (JSON.parse(json) as unknown), warnings };
  };
}
