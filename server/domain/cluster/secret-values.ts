import type { SecretRequest } from '../../../contract/schemas/cluster/secret-request.ts';
import { problem, type ProblemError } from '../errors/problem-error.ts';
import { setKey } from '../json/set-key.ts';
import { escapePointer } from '../../../contract/json-pointer.ts';

/** What masked values are shown as. */
const HIDDEN = '***';
/** What Kubernetes accepts of all values together, in bytes. */
const MAX_BYTES = 1024 * 1024;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The values that a Secret is to have, in base64: those of the request, and of `before` (what it has now) where the
 * request says `***`. Never names a value.
 * @throws ProblemError SECRET_DATA_INVALID
 */
export function secretValues(
  { data = {}, stringData = {} }: Pick<SecretRequest, 'data' | 'stringData'>,
  before: Readonly<Record<string, string>> | null,
): Record<string, string> {
  const given = [
    ...Object.entries(data).map(([key, value]) => ({ at: pointer('data', key), key, value, isText: false })),
    ...Object.entries(stringData).map(([key, value]) => ({ at: pointer('stringData', key), key, value, isText: true })),
  ];
  const values: Record<string, string> = {};
  let bytes = 0;
  for (const { at, key, value, isText } of given) {
    if (!KEY.test(key)) {
      throw invalid(`${at} is not a valid key: it has to be at most 253 letters, digits, \`-\`, \`_\` and \`.\``, at);
    }
    const own = value === HIDDEN && before !== null ? keptValue(before, key, at) : encoded(value, isText, at);
    setKey(values, key, own);
    bytes += Buffer.byteLength(own, 'base64');
  }
  if (bytes > MAX_BYTES) {
    throw invalid(`the values have ${bytes} bytes, and a Secret can have ${MAX_BYTES}`, '/data');
  }
  return values;
}

function keptValue(before: Readonly<Record<string, string>>, key: string, at: string): string {
  const kept = Object.hasOwn(before, key) ? before[key] : undefined;
  if (kept === undefined) {
    throw invalid(`${at} says ${HIDDEN}, and the Secret has no value of that key that could be kept`, at);
  }
  return kept;
}

function encoded(value: string, isText: boolean, at: string): string {
  if (isText) {
    return Buffer.from(value).toString('base64');
  }
  // Like Go, which ignores line breaks.
  const text = value.replaceAll(/[\r\n]/g, '');
  if (!BASE64.test(text)) {
    const first = /[^A-Za-z0-9+/]/.exec(value.replace(/={1,2}[\r\n]*$/, ''))?.index ?? text.length;
    throw invalid(`illegal base64 data at input byte ${first} of ${at}`, at);
  }
  return text;
}

function pointer(field: string, key: string): string {
  return `/${field}/${escapePointer(key.slice(0, 253))}`;
}

function invalid(message: string, at: string): ProblemError {
  return problem('SECRET_DATA_INVALID', message, { pointer: at });
}
