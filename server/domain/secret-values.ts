import { changeItems, changeValues } from './change-entries.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { asObject } from './json-reading.ts';
import { type Applied, childSchemas, expandSchemas } from './masking/applied-schemas.ts';
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

/** A schema whose values lie at `path` of the values at hand. */
type Placed = Applied & { path: readonly string[] };

/** What still has to be told apart below the value at hand. */
type Below = { applied: Applied[]; placed: readonly Placed[]; paths: readonly ValuePath[] };

/**
 * Schemas that are applied to values, each counted as often as it is: a chart may have thousands for each of thousands
 * of values. What is left then is taken to be secret.
 */
const MOST_APPLIED = 100_000;
/** What `mayTell` found before. */
const telling = new WeakMap<JsonObject, boolean>();
const NOTHING_BELOW: Below = { applied: [], placed: [], paths: [] };

/** Values that Helm gives to every subchart as well. */
const SHARED = 'global';

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
    if (!secret && left >= 0 && isNothing(below)) {
      return value;
    }
    const here = below.placed.filter((placed) => placed.path.length === 0);
    const applied = expandSchemas([...below.applied, ...here]);
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
      return changeItems(value, (entry, i) => visit(entry, into(String(i)), hidden, [...path, String(i)]));
    }
    if (isJsonObject(value)) {
      return changeValues(value, (entry, key) => visit(entry, into(key), hidden, [...path, key]));
    }
    return hidden && value !== null ? replace(value, path) : value;
  }
  return visit(
    values,
    { applied: [], placed: schemas.filter(mayTell).flatMap(placesOf), paths: paths.filter((path) => path.length > 0) },
    false,
    [],
  );
}

function isNothing({ applied, placed, paths }: Below): boolean {
  return applied.length === 0 && placed.length === 0 && paths.length === 0;
}

/** Whether anything in the document of a schema says that a value is secret: most charts' say so of none. */
function mayTell({ schema }: PlacedSchema): boolean {
  const known = telling.get(schema);
  if (known !== undefined) {
    return known;
  }
  const queue: JsonValue[] = [schema];
  let tells = false;
  for (let one = queue.pop(); one !== undefined && !tells; one = queue.pop()) {
    tells = isJsonObject(one) && (one['writeOnly'] === true || one['format'] === 'password');
    if (typeof one === 'object' && one !== null) {
      Object.values(one).forEach((inner) => queue.push(inner));
    }
  }
  telling.set(schema, tells);
  return tells;
}

function isSecret({ schema }: Applied): boolean {
  return schema['writeOnly'] === true || schema['format'] === 'password';
}

/** Where the values of a schema lie. What a subchart says of the values that all charts share holds for these, too. */
function placesOf({ path, schema }: PlacedSchema): Placed[] {
  const own = { path, schema, root: schema };
  if (path.length === 0) {
    return [own];
  }
  const shared = expandSchemas([own]).map((one) => ({
    schema: asObject(one.schema['properties'])[SHARED],
    root: schema,
  }));
  return [
    own,
    ...shared.flatMap((one) =>
      isJsonObject(one.schema) ? [{ path: [SHARED], root: one.root, schema: one.schema }] : [],
    ),
  ];
}
