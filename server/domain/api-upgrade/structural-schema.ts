import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { without } from './with-defaults.ts';

const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const INT_OR_STRING = 'x-kubernetes-int-or-string';
/** Keywords that OpenAPI v3 of custom resources does not support, or a structural schema must not contain. */
const FORBIDDEN = ['$ref', '$schema', 'additionalItems', 'definitions', 'dependencies', 'id', 'patternProperties'];
const JUNCTORS = ['allOf', 'anyOf', 'oneOf'];
/** Keywords that describe a node: allowed outside the junctors only. */
const OUTSIDE_ONLY = ['type', 'description', 'title', 'default', 'additionalProperties', 'nullable', PRESERVE];

/**
 * A validation schema as `apiextensions.k8s.io/v1` requires it, structural: every node has a type (or preserves unknown
 * fields), junctors only validate values. `preserve`: nothing is pruned, as with `preserveUnknownFields: true`, so
 * every object keeps the fields that the schema does not name.
 */
export function structuralSchema(schema: JsonObject | undefined, preserve: boolean): JsonObject {
  const { properties, ...root } = schema ?? {};
  const named = isJsonObject(properties) ? without(properties, 'metadata') : {};
  const shape: JsonObject = { ...root, type: 'object', ...(Object.keys(named).length > 0 && { properties: named }) };
  const converted = structuralNode(shape, preserve);
  // A schema without named fields would prune everything.
  return Object.keys(named).length === 0 ? { ...converted, [PRESERVE]: true } : converted;
}

function structuralNode(written: JsonObject, preserve: boolean): JsonObject {
  const node = withoutFalseTypes(without(written, ...FORBIDDEN));
  if (isIntOrString(node)) {
    return { ...without(node, 'type', 'anyOf', 'oneOf', 'format'), [INT_OR_STRING]: true };
  }
  const typed = withType(node);
  const nested = withNested(typed, preserve);
  const judged = withJunctors(nested);
  return preserve && judged['type'] === 'object' && isJsonObject(judged['properties'])
    ? { ...judged, [PRESERVE]: true }
    : judged;
}

/** `uniqueItems: true` is refused, and a list of types was never supported. */
function withoutFalseTypes(node: JsonObject): JsonObject {
  const plain = node['uniqueItems'] === true ? without(node, 'uniqueItems') : node;
  return typeof plain['type'] === 'string' && plain['type'] !== '' ? plain : without(plain, 'type');
}

function isIntOrString(node: JsonObject): boolean {
  const choices = node['anyOf'] ?? node['oneOf'];
  if (node['format'] === 'int-or-string' || node[INT_OR_STRING] === true) {
    return true;
  }
  const types = Array.isArray(choices)
    ? choices.map((choice) => (isJsonObject(choice) ? choice['type'] : undefined))
    : [];
  return types.length === 2 && types.includes('integer') && types.includes('string');
}

function withType(node: JsonObject): JsonObject {
  if (node['type'] !== undefined || node[PRESERVE] === true) {
    return node;
  }
  if (isJsonObject(node['properties']) || node['additionalProperties'] !== undefined) {
    return { ...node, type: 'object' };
  }
  return node['items'] === undefined ? { ...node, [PRESERVE]: true } : { ...node, type: 'array' };
}

function withNested(node: JsonObject, preserve: boolean): JsonObject {
  const { properties, additionalProperties, items, ...rest } = node;
  if (isJsonObject(properties) && Object.keys(properties).length > 0) {
    const entries = Object.entries(properties).map(([name, child]): [string, JsonValue] => [
      name,
      structuralNode(isJsonObject(child) ? child : {}, preserve),
    ]);
    return { ...rest, properties: Object.fromEntries(entries) };
  }
  if (isJsonObject(additionalProperties)) {
    return { ...rest, additionalProperties: structuralNode(additionalProperties, preserve) };
  }
  if (isJsonObject(items)) {
    return { ...rest, items: structuralNode(items, preserve) };
  }
  if (rest['type'] === 'array') {
    return { ...rest, items: { [PRESERVE]: true } };
  }
  return rest['type'] === 'object' ? { ...rest, [PRESERVE]: true } : rest;
}

/** Junctors without keywords that are only allowed outside them; empty ones are removed. */
function withJunctors(node: JsonObject): JsonObject {
  const judged = JUNCTORS.reduce((converted, name) => {
    const choices = converted[name];
    if (!Array.isArray(choices)) {
      return converted;
    }
    const values = choices.filter(isJsonObject).map((choice) => judgement(choice));
    return values.some((value) => Object.keys(value).length === 0)
      ? without(converted, name)
      : { ...converted, [name]: values };
  }, node);
  const { not } = judged;
  return isJsonObject(not) ? { ...judged, not: judgement(not) } : judged;
}

function judgement(choice: JsonObject): JsonObject {
  const value = without(choice, ...FORBIDDEN, ...OUTSIDE_ONLY);
  const { properties, items } = value;
  const children = isJsonObject(properties)
    ? Object.entries(properties).map(([name, child]): [string, JsonValue] => [
        name,
        isJsonObject(child) ? judgement(child) : {},
      ])
    : [];
  return withJunctors({
    ...value,
    ...(children.length > 0 && { properties: Object.fromEntries(children) }),
    ...(isJsonObject(items) && { items: judgement(items) }),
  });
}
