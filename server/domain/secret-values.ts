import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { asArray, asObject } from './json-reading.ts';
import type { ValuePath } from './value-path.ts';

/** Stands in the place of a secret in everything that is shown; in a request it means "as it was" (decision 4). */
export const MASK = '***';

/** `values.schema.json` of the chart (`path` empty) or of the subchart whose values lie at `path`. */
type PlacedSchema = { path: readonly string[]; schema: JsonObject };

/**
 * What tells that a value is secret: schemas that say `writeOnly` or `format: password`, and the paths of metainfo
 * params of type `password`.
 */
export type SecretRules = { schemas: readonly PlacedSchema[]; paths: readonly ValuePath[] };

/** A schema that applies to the value at hand, and the document that its `$ref`s point into. */
type Applied = { schema: JsonObject; root: JsonObject };

/** What still has to be told apart below the value at hand. */
type Below = { applied: Applied[]; placed: readonly PlacedSchema[]; paths: readonly ValuePath[] };

/**
 * Schemas that are applied to values, each counted as often as it is: a chart may have thousands for each of thousands
 * of values. What is left then is taken to be secret.
 */
const MOST_APPLIED = 100_000;
const NOTHING_BELOW: Below = { applied: [], placed: [], paths: [] };

const BRANCHES = ['allOf', 'anyOf', 'oneOf'] as const;
const CONDITIONS = ['if', 'then', 'else'] as const;

/** The values with every secret leaf replaced by `***`; null stays, it gives nothing away. */
export function maskSecretValues(values: JsonObject, rules: SecretRules): JsonObject {
  return asObject(replaceSecrets(values, rules, () => MASK));
}

/** Calls back with every secret leaf; null is none. */
export function visitSecrets(
  values: JsonObject,
  rules: SecretRules,
  onSecret: (leaf: JsonValue, path: readonly string[]) => void,
): void {
  replaceSecrets(values, rules, (leaf, path) => {
    onSecret(leaf, path);
    return leaf;
  });
}

/** Paths of the secret leaves that are `***`: they say "as it was" and have to be filled in. */
export function maskedPaths(values: JsonObject, rules: SecretRules): string[][] {
  const found: string[][] = [];
  visitSecrets(values, rules, (leaf, path) => {
    if (leaf === MASK) {
      found.push([...path]);
    }
  });
  return found;
}

function replaceSecrets(
  values: JsonObject,
  { schemas, paths }: SecretRules,
  replace: (leaf: JsonValue, path: readonly string[]) => JsonValue,
): JsonValue {
  let left = MOST_APPLIED;

  function visit(value: JsonValue, below: Below, secret: boolean, path: readonly string[]): JsonValue {
    const here = below.placed.filter((placed) => placed.path.length === 0);
    const applied = expand([...below.applied, ...here.map(({ schema }) => ({ schema, root: schema }))]);
    left -= applied.length;
    const hidden = secret || left < 0 || applied.some(isSecret) || below.paths.some((rest) => rest.length === 0);
    const into = (key: string): Below => {
      left -= applied.length;
      return left < 0
        ? NOTHING_BELOW
        : {
            applied: applied.flatMap((one) => childSchemas(one, key, Array.isArray(value))),
            placed: below.placed
              .filter((one) => one.path[0] === key)
              .map((one) => ({ ...one, path: one.path.slice(1) })),
            paths: below.paths.filter((rest) => rest[0] === key).map((rest) => rest.slice(1)),
          };
    };
    if (Array.isArray(value)) {
      return value.map((entry, i) => visit(entry, into(String(i)), hidden, [...path, String(i)]));
    }
    if (isJsonObject(value)) {
      const entries = Object.entries(value).map(([key, entry]) => [
        key,
        visit(entry, into(key), hidden, [...path, key]),
      ]);
      return Object.fromEntries(entries) as JsonObject;
    }
    return hidden && value !== null ? replace(value, path) : value;
  }
  return visit(values, { applied: [], placed: schemas, paths: paths.filter((path) => path.length > 0) }, false, []);
}

function isSecret({ schema }: Applied): boolean {
  return schema['writeOnly'] === true || schema['format'] === 'password';
}

/** The schemas and everything they refer to or combine, each once: `$ref`s may go in circles. */
function expand(start: readonly Applied[]): Applied[] {
  const all = new Map<JsonObject, Applied>();
  const queue = [...start];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (!all.has(one.schema)) {
      all.set(one.schema, one);
      const { schema, root } = one;
      const further = [
        ...BRANCHES.flatMap((branch) => asArray(schema[branch])),
        ...CONDITIONS.map((condition) => schema[condition]),
        typeof schema['$ref'] === 'string' ? resolveRef(root, schema['$ref']) : undefined,
      ];
      queue.push(...further.filter(isJsonObject).map((next) => ({ schema: next, root })));
    }
  }
  return [...all.values()];
}

/** What a schema says of one entry. Patterns of property names are not evaluated: they are the chart's, and may be slow. */
function childSchemas({ schema, root }: Applied, key: string, ofArray: boolean): Applied[] {
  const items = schema['items'];
  const candidates = ofArray
    ? [Array.isArray(items) ? items[Number(key)] : items, asArray(schema['prefixItems'])[Number(key)]]
    : [
        ownValue(asObject(schema['properties']), key),
        ...Object.values(asObject(schema['patternProperties'])),
        schema['additionalProperties'],
      ];
  return candidates.filter(isJsonObject).map((child) => ({ schema: child, root }));
}

function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What a JSON pointer within the same document names; anything else is not followed. */
function resolveRef(root: JsonObject, ref: string): JsonValue | undefined {
  if (!ref.startsWith('#')) {
    return undefined;
  }
  let at: JsonValue | undefined = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    const key = decodePointer(part);
    at = Array.isArray(at) ? at[Number(key)] : isJsonObject(at) ? ownValue(at, key) : undefined;
  }
  return at;
}

function decodePointer(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}
