import { errorsOf } from '../../contract/openapi-document.ts';
import type { Operation, ResponseSpec } from '../../contract/operations/parts/operation.ts';
import { problemCatalogue } from '../../contract/problems/catalogue.ts';
import { isProblemCode, ProblemBody } from '../../contract/problems/problem.ts';
import type { JsonValue } from '../../contract/schemas/json.ts';
import { schemaFaults } from '../../server/domain/fields/schema-faults.ts';

/** An answer as received: null if the body is not JSON. */
export interface SeenAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** In addition to the codes of the operation: those of odd paths, which lead to no operation or another one. */
const OF_NO_OPERATION = new Set(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED', 'PATH_INVALID']);
/** Texts that a message never contains, because they are meant for programs. */
const NOT_A_SENTENCE =
  /goroutine \d|\bat \S+\.ts:\d|node_modules|\[object |undefined|%!\w|<nil>|nil pointer dereference|panic/;
/** Messages are read by people. */
const MAX_MESSAGE_LENGTH = 16_384;

/** What is wrong with an answer; null if it matches the contract and is not an internal error. */
export function faultOf(row: Operation, { status, contentType, text }: SeenAnswer, sent = ''): string | null {
  const spec: ResponseSpec | undefined = (row.responses as Record<number, ResponseSpec>)[status];
  if (spec !== undefined && status < 400) {
    return bodyFault(spec, contentType, text);
  }
  const body = jsonOf(text);
  if (body === undefined) {
    return 'an error that is not JSON';
  }
  const faults = schemaFaults(ProblemBody, body);
  if (faults.length > 0) {
    return `an error outside its schema: ${JSON.stringify(faults)}`;
  }
  const { code, errMessage } = body as unknown as { code: string; errMessage: string };
  if (!isProblemCode(code) || problemCatalogue[code].status !== status) {
    return `the code ${code} is not of status ${status}`;
  }
  if (code === 'INTERNAL' || (status >= 500 && !problemCatalogue[code].retryable)) {
    return `${code} is a defect`;
  }
  if (!errorsOf(row).includes(code) && !OF_NO_OPERATION.has(code)) {
    return `the operation does not have ${code}`;
  }
  if (errMessage.length > MAX_MESSAGE_LENGTH) {
    return `a message of ${errMessage.length} characters`;
  }
  const odd = NOT_A_SENTENCE.exec(errMessage)?.[0];
  return odd !== undefined && !sent.includes(odd) ? `${odd} is not a sentence` : null;
}

function bodyFault(spec: ResponseSpec, contentType: string, text: string): string | null {
  const type = spec.contentType ?? 'application/json';
  if (text === '' && (spec.schema === undefined || spec.mayBeEmpty === true)) {
    return null;
  }
  if (spec.schema === undefined) {
    return 'a body where there is none';
  }
  if (!contentType.startsWith(type)) {
    return `${contentType} instead of ${type}`;
  }
  if (type !== 'application/json') {
    return null;
  }
  const body = jsonOf(text);
  const faults = body === undefined ? 'no JSON' : schemaFaults(spec.schema, body);
  return faults.length === 0 ? null : `a body outside its schema: ${JSON.stringify(faults)}`;
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
