import type { Operation } from '../../../contract/operations/operation.ts';
import { operations, type OperationId } from '../../../contract/operations/operations.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import { decodeUtf8 } from './chart-form.ts';
import type { JsonTextOptions } from './json-text.ts';
import { readBody } from './validate-body.ts';

/** The body of an operation in bytes, and how it is to be read. */
export interface BodyReadingInput {
  readonly operation: OperationId;
  readonly bytes: Uint8Array;
  readonly options: JsonTextOptions;
}

/** A body that fits its operation, with what is odd about it. */
export interface BodyReading {
  readonly body: unknown;
  readonly warnings: readonly Warning[];
}

/** Reads a body here and now. @throws ProblemError BODY_MALFORMED, BODY_TOO_COMPLEX, REQUEST_INVALID */
export function readOperationBody({ operation, bytes, options }: BodyReadingInput): BodyReading {
  const row: Operation = operations[operation];
  return row.body === undefined
    ? { body: undefined, warnings: [] }
    : readBody(row.body.schema, decodeUtf8(bytes), options);
}

/** Larger ones may keep the event loop for more than some milliseconds. */
const READ_HERE_BYTES = 32 * 1024;

/** Reads bodies: small ones at once, the others in a thread. Throws as `readOperationBody`. */
export type ReadBody = (input: BodyReadingInput, holder: string) => Promise<BodyReading>;

export function createBodyReader(threads: Threads): ReadBody {
  return async function readBody(input, holder) {
    if (input.bytes.length <= READ_HERE_BYTES) {
      return readOperationBody(input);
    }
    const job = { name: 'readBody', input: { ...input, options: { ...input.options } } };
    // What the job of this name makes (server/composition/thread-jobs.ts).
    const { json, warnings } = (await threads.run(job, holder)) as { json?: string; warnings: Warning[] };
    return { body: json === undefined ? undefined : (JSON.parse(json) as unknown), warnings };
  };
}
