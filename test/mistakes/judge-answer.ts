import { errorsOf } from '../../contract/openapi-document.ts';
import type { Operation, ResponseSpec } from '../../contract/operations/operation.ts';
import { isProblemCode, ProblemBody, problemCatalogue } from '../../contract/problems/problem.ts';
import type { JsonValue } from '../../contract/schemas/json.ts';
import { schemaFaults } from '../../server/domain/fields/schema-faults.ts';

/** An answer as it came: null is no JSON. */
export interface SeenAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** Beside those of the operation: what an odd path is answered with, which leads to no operation or another one. */
const OF_NO_OPERATION = new Set(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED', 'PATH_INVALID']);
/** What a sentence never has in it: what only programs say to each other. */
const NOT_A_SENTENCE =
  /goroutine \d|\bat \S+\.ts:\d|node_modules|\[object |undefined|%!\w|<nil>|nil pointer dereference|panic/;
/** An answer that explains a mistake is read by people. */
const MAX_MESSAGE_LENGTH = 16_384;

/** What is wrong with an answer; null where it is what the contract says, and no defect. */
export function faultOf(row: Operation, { status, contentType, text }: SeenAnswer, sent = ''): string | null {
  const spec: ResponseSpec | undefined = (row.responses as Record<number, ResponseSpec>)[status];
  if (spec !== undefined && status < 400) {
    return bodyFault(spec, contentType, text);
  }
  const body = jsonOf(text);
  if (body === undefined) {
    return 'an error that is no JSON';
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
  return odd !== undefined && !sent.includes(odd) ? `${odd} is no sentence` : null;
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
