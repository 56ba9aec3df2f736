import { changeItems, changeValues } from '../json/change-entries.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { type Applied, childSchemas, expandSchemas } from './applied-schemas.ts';
import type { ValuePath } from '../values/value-path.ts';

/**
 * Replaces secrets in everything that is shown; in a request it means "unchanged" (decision 4: `***` means unchanged).
 */
export const MASK = '***';

/** `values.schema.json` of the chart (`path` empty) or of the subchart whose values are at `path`. */
type PlacedSchema = { path: readonly string[]; schema: JsonObject };

/**
 * The rules for secret values: schemas with `writeOnly` or `format: password`, and the paths of metainfo params of type
 * `password`.
 */
export type SecretRules = { schemas: readonly PlacedSchema[]; paths: readonly ValuePath[] };

/** The rules for one path of the values: looked up by key, because a chart or a record may name very many paths. */
type Place = { schemas: Applied[]; secret: boolean; below: Map<string, Place> };

/**
 * Maximum applications of schemas to values: a chart may have thousands for each of thousands of values. Everything
 * beyond is treated as secret.
 */
const MAX_APPLIED = 50_000;
/** Cached results of `mayTell`. */
const telling = new WeakMap<JsonObject, boolean>();

/** Values that Helm also passes to every subchart. */
const SHARED = 'global';

/** The values with every secret value replaced by `***`; null stays, because it reveals nothing. */
export function maskSecretValues(values: JsonObject, rules: SecretRules): JsonObject {
  return asObject(replaceSecrets(values, rules, () => MASK));
}

/** Calls back with every secret value except null. The path is valid during the call only: copy it to keep it. */
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

/** Paths of the secret values that are `***`, which means "unchanged": they have to be filled in. */
export function maskedPaths(values: JsonObject, rules: SecretRules): string[][] {
  const found: string[][] = [];
  // Searching for the text costs a small part of searching for all secrets.
  if (!holdsMask(values)) {
    return found;
  }
  visitSecrets(values, rules, (leaf, path) => {
    if (leaf === MASK) {
      found.push([...path]);
    }
  });
  return found;
}

/** Whether a leaf of the value is `***`: most values have none, and looking for one takes a tenth of finding out where. */
export function holdsMask(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) {
    return value === MASK;
  }
  if (Array.isArray(value)) {
    return value.some(holdsMask);
  }
  for (const key in value) {
    if (holdsMask(value[key] as JsonValue)) {
      return true;
    }
  }
  return false;
}

function replaceSecrets(
  values: JsonObject,
  rules: SecretRules,
  replace: (leaf: JsonValue, path: readonly string[]) => JsonValue,
): JsonValue {
  let left = MAX_APPLIED;
  const path: string[] = [];

  function each(value: JsonValue[] | JsonObject, visitEntry: (entry: JsonValue, key: string) => JsonValue): JsonValue {
    const at = (key: string, entry: JsonValue): JsonValue => {
      path.push(key);
      const replaced = visitEntry(entry, key);
      path.pop();
      return replaced;
    };
    return Array.isArray(value)
      ? changeItems(value, (entry, i) => at(String(i), entry))
      : changeValues(value, (entry, key) => at(key, entry));
  }

  function hide(value: JsonValue): JsonValue {
    if (Array.isArray(value) || isJsonObject(value)) {
      return each(value, hide);
    }
    return value === null ? value : replace(value, path);
  }

  function visit(value: JsonValue, above: readonly Applied[], place: Place | undefined): JsonValue {
    const applied = expandSchemas(place === undefined ? above : [...above, ...place.schemas]);
    left -= applied.length;
    if (left < 0 || place?.secret === true || applied.some(isSecret)) {
      return hide(value);
    }
    if (!(Array.isArray(value) || isJsonObject(value)) || (applied.length === 0 && place === undefined)) {
      return value;
    }
    return each(value, (entry, key) => {
      left -= applied.length;
      const children = left < 0 ? [] : applied.flatMap((one) => childSchemas(one, key, Array.isArray(value)));
      return visit(entry, children, place?.below.get(key));
    });
  }
  return visit(values, [], placesOf(rules));
}

/** Whether the rules say of no value at all that it is secret, whatever the values are. */
export function tellNothing({ schemas, paths }: SecretRules): boolean {
  return paths.every(({ length }) => length === 0) && !schemas.some(mayTell);
}

/** Whether anything in the document of a schema marks a value as secret: in most charts nothing does. */
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

/** The rules for each path of the values. */
function placesOf({ schemas, paths }: SecretRules): Place {
  const root = newPlace();
  for (const { path, schema } of schemas.filter(mayTell)) {
    const own = { schema, root: schema };
    placeAt(root, path).schemas.push(own);
    if (path.length > 0) {
      placeAt(root, [SHARED]).schemas.push(...sharedSchemas(own));
    }
  }
  for (const path of paths.filter(({ length }) => length > 0)) {
    placeAt(root, path).secret = true;
  }
  return root;
}

/** A subchart's schema of the global values applies to these, too. */
function sharedSchemas(own: Applied): Applied[] {
  const shared = expandSchemas([own]).map(({ schema }) => asObject(schema['properties'])[SHARED]);
  return shared.filter(isJsonObject).map((schema) => ({ schema, root: own.root }));
}

function newPlace(): Place {
  return { schemas: [], secret: false, below: new Map() };
}

function placeAt(root: Place, path: readonly string[]): Place {
  let place = root;
  for (const key of path) {
    const next = place.below.get(key) ?? newPlace();
    place.below.set(key, next);
    place = next;
  }
  return place;
}
