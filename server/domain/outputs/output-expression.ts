import { toPointer } from '../../../contract/json-pointer.ts';
import { problem } from '../errors/problem-error.ts';
import { parseValuePath, type ValuePath } from '../values/value-path.ts';

/** The field of a Service that an output is taken from. */
export type ServiceField = 'host' | 'port' | 'address' | 'nodePort' | 'loadBalancer';

/** Where the value of an output is taken from. Names may still contain `$release` and `$namespace`. */
export type OutputExpression =
  | { from: 'values'; path: ValuePath }
  /** `port` is the name of a port; null: the first one. */
  | { from: 'service'; name: string; port: string | null; field: ServiceField }
  | { from: 'configmap' | 'secret'; name: string; key: string };

const SERVICE_FIELDS: readonly ServiceField[] = ['host', 'port', 'address', 'nodePort', 'loadBalancer'];
const FORMS = 'values:path, service:name[:port].field, configmap:name.key or secret:name.key';
const NAME = /^[a-z0-9$][-a-z0-9.$]*$/;
const KEY = /^[-._a-zA-Z0-9]+$/;

/**
 * Parses an expression: `values:auth.user`, `service:web.address`, `service:web:http.port`, `configmap:web.key` or
 * `secret:web.password`. A dot within a name is written `\.`; keys of ConfigMaps and Secrets are the unescaped rest.
 * Null if it is none of these.
 */
export function parseOutputExpression(text: string): OutputExpression | null {
  const colon = text.indexOf(':');
  const [kind, rest] = colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)];
  switch (kind) {
    case 'values': {
      const path = parseValuePath(rest);
      return path.length === 0 || path.includes('') ? null : { from: 'values', path };
    }
    case 'service':
      return parseService(rest);
    case 'configmap':
    case 'secret': {
      const [name, key] = splitName(rest);
      return NAME.test(name) && KEY.test(key) ? { from: kind, name, key } : null;
    }
    default:
      return null;
  }
}

/** Names of the outputs that show the content of a ConfigMap. */
export function configMapOutputs(outputs: Record<string, string>): string[] {
  return Object.entries(outputs).flatMap(([name, text]) =>
    parseOutputExpression(text)?.from === 'configmap' ? [name] : [],
  );
}

/**
 * Merges the outputs of a request into the recorded ones; an empty expression removes the output.
 * @throws ProblemError OUTPUT_INVALID with the place in the request
 */
export function mergeOutputs(
  recorded: Record<string, string>,
  request: Record<string, string>,
): Record<string, string> {
  for (const [name, text] of Object.entries(request)) {
    if (text !== '' && parseOutputExpression(text) === null) {
      throw problem('OUTPUT_INVALID', `output ${name}: ${JSON.stringify(text)} cannot be understood; write ${FORMS}`, {
        path: toPointer(['outputs', name]),
      });
    }
  }
  return Object.fromEntries(Object.entries({ ...recorded, ...request }).filter(([, text]) => text !== ''));
}

function parseService(rest: string): OutputExpression | null {
  const [target, fieldText] = splitName(rest);
  const [name = '', port = null, ...more] = target.split(':');
  const field = SERVICE_FIELDS.find((known) => known === fieldText);
  return field !== undefined && NAME.test(name) && port !== '' && more.length === 0
    ? { from: 'service', name, port, field }
    : null;
}

/** The parts before and after the first unescaped dot. */
function splitName(text: string): [string, string] {
  const match = /^((?:[^.\\]|\\.)*)\.(.*)$/s.exec(text);
  return [(match?.[1] ?? '').replaceAll('\\.', '.'), match?.[2] ?? ''];
}
