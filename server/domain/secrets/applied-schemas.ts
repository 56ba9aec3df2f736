import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asObject, ownValue } from '../json/json-reading.ts';
import { resolveReference } from './schema-references.ts';

/** A schema that applies to a value, and the document that its references point into. */
export type Applied = { schema: JsonObject; root: JsonObject };

/** Keywords with schemas for the same value: one, several, or one per name. */
const SAME = ['if', 'then', 'else'] as const;
const SAME_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const SAME_BY_NAME = ['dependentSchemas', 'dependencies'] as const;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'] as const;

/** Cached results of `combined`: a schema is part of one document, and applied to very many values. */
const combinations = new WeakMap<JsonObject, readonly JsonObject[]>();

/** The schemas and everything they refer to or combine, each once: references may be circular. */
export function expandSchemas(start: readonly Applied[]): Applied[] {
  const all = new Map<JsonObject, Applied>();
  const queue = [...start];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (!all.has(one.schema)) {
      all.set(one.schema, one);
      const { root } = one;
      for (const schema of combined(one)) {
        queue.push({ schema, root });
      }
    }
  }
  return [...all.values()];
}

/** The schemas that a schema combines for the same value, or refers to. */
function combined({ schema, root }: Applied): readonly JsonObject[] {
  const known = combinations.get(schema);
  if (known !== undefined) {
    return known;
  }
  const found: (JsonValue | undefined)[] = [
    ...SAME_LISTS.flatMap((keyword) => asArray(schema[keyword])),
    ...SAME.map((keyword) => schema[keyword]),
    ...SAME_BY_NAME.flatMap((keyword) => Object.values(asObject(schema[keyword]))),
    ...REFERENCES.flatMap((keyword) => referred(root, schema[keyword])),
  ];
  const schemas = found.filter(isJsonObject);
  combinations.set(schema, schemas);
  return schemas;
}

/**
 * The schemas for one entry, from every keyword that may apply to it. Patterns of property names are not evaluated:
 * they come from the chart, and may be slow.
 */
export function childSchemas({ schema, root }: Applied, key: string, ofArray: boolean): Applied[] {
  const candidates = ofArray ? ofEntry(schema, Number(key)) : ofProperty(schema, key);
  return candidates.filter(isJsonObject).map((child) => ({ schema: child, root }));
}

/** Named properties do not count as additional ones. */
function ofProperty(schema: JsonObject, key: string): (JsonValue | undefined)[] {
  const own = ownValue(asObject(schema['properties']), key);
  const rest = own === undefined ? [schema['additionalProperties'], schema['unevaluatedProperties']] : [];
  return [own, ...Object.values(asObject(schema['patternProperties'])), ...rest];
}

function ofEntry(schema: JsonObject, index: number): (JsonValue | undefined)[] {
  const { items } = schema;
  const own = (Array.isArray(items) ? items : asArray(schema['prefixItems']))[index];
  const rest = own === undefined ? [items, schema['additionalItems'], schema['unevaluatedItems']] : [];
  return [own, schema['contains'], ...rest];
}

function referred(root: JsonObject, reference: JsonValue | undefined): JsonObject[] {
  return typeof reference === 'string' ? resolveReference(root, reference) : [];
}
