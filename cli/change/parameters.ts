import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { UsageError } from '../errors/failures.ts';
import { isRecord, type JsonObject } from '../files/json-object.ts';
import { formatScalar } from '../render/scalar.ts';
import { typedValue } from '../files/set-values.ts';

const BASE: ReadonlySet<string> = new Set(['image', 'priority', 'replicas', 'useHostNetwork']);
const RESOURCES: ReadonlySet<string> = new Set([
  'limitsMemory',
  'requestsMemory',
  'limitsCpu',
  'requestsCpu',
  'limitsGpu',
  'requestsGpu',
]);

/**
 * Adds `--param` to the request's metaInfoParams: `NAME=V` of the chart, `ROLE.NAME=V` of a role, `ROLE.env.N=V`,
 * `ROLE.storage.N.size=V`.
 * @throws UsageError
 */
export function addParameters(params: readonly string[], request: JsonObject): void {
  if (params.length === 0 && !isRecord(request['metaInfoParams'])) return;
  const info = isRecord(request['metaInfoParams']) ? naturalParams(request['metaInfoParams']) : {};
  for (const text of params) addParameter(text, info);
  request['metaInfoParams'] = info;
}

function addParameter(text: string, info: JsonObject): void {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--param takes [ROLE.]NAME=VALUE, not ${text}`);
  const path = text.slice(0, equals).split('.');
  const value = typedValue(text.slice(equals + 1));
  const [first = '', second = '', third = '', fourth = ''] = path;
  if (path.length === 1) {
    upsert(listOf(info, 'params'), first, { value: jsonText(value) });
    return;
  }
  const role = upsert(listOf(info, 'roles'), first, {});
  if (path.length === 2) setOfRole(role, second, value);
  else if (second === 'env' && path.length === 3)
    upsert(listOf(objectOf(role, 'baseConfig'), 'env'), third, { value: String(value) });
  else if (second === 'storage' && path.length === 4) {
    const storage = upsert(listOf(objectOf(role, 'resources'), 'storageResources'), third, {});
    objectOf(storage, 'value')[fourth] = fourth === 'accessModes' ? String(value).split('+') : value;
  } else throw new UsageError(`--param ${text}: after ROLE comes NAME, env.NAME or storage.NAME.FIELD`);
}

function setOfRole(role: JsonObject, name: string, value: unknown): void {
  if (BASE.has(name)) objectOf(role, 'baseConfig')[name] = value;
  else if (RESOURCES.has(name)) objectOf(role, 'resources')[name] = value;
  else upsert(listOf(objectOf(role, 'baseConfig'), 'others'), name, { value: jsonText(value) });
}

/** Values of parameters are JSON as a text. */
function jsonText(value: unknown): string {
  return stringifyExact(value) ?? 'null';
}

function objectOf(parent: JsonObject, key: string): JsonObject {
  const there = parent[key];
  if (isRecord(there)) return there;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

function listOf(parent: JsonObject, key: string): JsonObject[] {
  const there = parent[key];
  if (Array.isArray(there)) return there as JsonObject[];
  const made: JsonObject[] = [];
  parent[key] = made;
  return made;
}

function upsert(list: JsonObject[], name: string, fields: JsonObject): JsonObject {
  const there = list.find((entry) => entry['name'] === name);
  if (there !== undefined) return Object.assign(there, fields);
  const made: JsonObject = { name, ...fields };
  list.push(made);
  return made;
}

/** In files parameters may be written as they are, with their type beside them; the API wants JSON texts. */
function naturalParams(info: JsonObject): JsonObject {
  const params = Array.isArray(info['params'])
    ? info['params'].map((param: unknown) => (isRecord(param) ? natural(param) : param))
    : [];
  return { ...info, ...(params.length > 0 && { params }) };
}

function natural(param: JsonObject): JsonObject {
  const { type, value } = param;
  if (value === undefined || (typeof value === 'string' && isJson(value) && type === undefined)) return param;
  switch (type) {
    case 'int':
    case 'float':
    case 'boolean':
      return { ...param, value: typeof value === 'string' && isJson(value) ? value : jsonText(value) };
    case 'json':
    case 'yaml':
    case 'kvPair':
      return { ...param, value: typeof value === 'string' ? value : jsonText(value) };
    case 'string':
    case 'text':
      return {
        ...param,
        value:
          typeof value === 'string' && /^"[^]*"$/.test(value) && isJson(value) ? value : jsonText(formatScalar(value)),
      };
    default:
      return { ...param, value: jsonText(value) };
  }
}

function isJson(text: string): boolean {
  try {
    parseExact(text);
    return true;
  } catch {
    return false;
  }
}
