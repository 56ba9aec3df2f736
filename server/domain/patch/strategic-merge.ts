import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asText } from '../json/json-reading.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { PatchFailed } from './patch-failed.ts';
import { listStrategy, type MergeKeys } from './strategic-merge-keys.ts';

const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_VALUES = '$deleteFromPrimitiveList/';

/**
 * Applies a strategic merge patch like `kubectl patch`: objects are merged, null removes a field, lists with a merge
 * key (`keys` of the kind: containers, env, volumes, ports …) are merged entry by entry, other lists are replaced.
 * Unlike Kubernetes, which orders entries as the patch does, entries keep their place and new ones come last: the order
 * of containers must not change. Supported directives: `$patch: delete|replace|merge`, `$retainKeys`,
 * `$deleteFromPrimitiveList/<field>` and `$setElementOrder/<field>`.
 * @throws PatchFailed
 */
export function applyStrategicMerge(target: JsonObject, patch: JsonObject, keys: MergeKeys): JsonObject {
  return mergeObject(target, patch, { keys, path: '' });
}

type Place = { keys: MergeKeys; path: string };

function below({ keys, path }: Place, step: string): Place {
  return { keys, path: path === '' ? step : `${path}/${step}` };
}

function mergeObject(target: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const { [DIRECTIVE]: directive, [RETAIN]: retained, ...fields } = patch;
  if (directive === 'delete') {
    return {};
  }
  if (directive === 'replace') {
    return fields;
  }
  if (directive !== undefined && directive !== 'merge') {
    throw new PatchFailed(`${DIRECTIVE} can be delete, replace or merge`);
  }
  const kept = new Set(asArray(retained));
  const base = Array.isArray(retained)
    ? Object.entries(target).filter(([key]) => kept.has(key))
    : Object.entries(target);
  const merged = new Map(base);
  for (const [key, value] of Object.entries(fields)) {
    if (key.startsWith('$')) {
      continue;
    }
    if (value === null) {
      merged.delete(key);
    } else {
      merged.set(key, mergeValue(merged.get(key), value, key, place));
    }
  }
  // Directives on lists come last, because they refer to the merged entries.
  for (const [key, value] of Object.entries(fields).filter(([name]) => name.startsWith('$'))) {
    applyListDirective(merged, key, asArray(value), place);
  }
  return Object.fromEntries(merged);
}

function mergeValue(target: JsonValue | undefined, patch: JsonValue, field: string, place: Place): JsonValue {
  if (isJsonObject(patch)) {
    return mergeObject(isJsonObject(target) ? target : {}, patch, below(place, field));
  }
  if (!Array.isArray(patch)) {
    return patch;
  }
  const strategy = listStrategy(place.keys, below(place, field).path);
  if (strategy === 'atomic') {
    return patch;
  }
  const present = asArray(target);
  if (strategy === 'set') {
    const known = new Set(present.map(sortedJson));
    return [...present, ...patch.filter((entry) => !known.has(sortedJson(entry)))];
  }
  return mergeList(present, patch, { key: strategy.by, field, entries: below(below(place, field), '*') });
}

/** A list that is merged by a key. */
type KeyedList = { key: string; field: string; entries: Place };

function mergeList(
  target: readonly JsonValue[],
  patch: readonly JsonValue[],
  { key, field, entries }: KeyedList,
): JsonValue[] {
  const replaces = patch.some((entry) => isDirective(entry, 'replace') && !Object.hasOwn(entry, key));
  const merged: (JsonValue | undefined)[] = replaces ? [] : [...target];
  const places = createPlaces(merged, key);
  for (const entry of patch) {
    if (!isJsonObject(entry)) {
      throw new PatchFailed(`the entries of ${field} are objects`);
    }
    if (isDirective(entry, 'replace') && entry[key] === undefined) {
      continue;
    }
    const id = entry[key];
    if (id === undefined) {
      throw new PatchFailed(`an entry of ${field} has no ${key}: lists of ${field} are merged by it`);
    }
    const at = places.first(id);
    const current = at === undefined ? undefined : merged[at];
    if (isDirective(entry, 'delete')) {
      if (at !== undefined) {
        merged[at] = undefined;
        places.forget(id);
      }
    } else if (at !== undefined && isJsonObject(current)) {
      merged[at] = mergeObject(current, entry, entries);
    } else {
      places.add(id, merged.push(mergeObject({}, entry, entries)) - 1);
    }
  }
  return merged.filter((entry) => entry !== undefined);
}

/** Positions of the entries of a list by the value of their key, the first one first. */
function createPlaces(entries: readonly (JsonValue | undefined)[], key: string) {
  const places = new Map<JsonValue, number[]>();
  const add = (id: JsonValue, at: number) => {
    const there = places.get(id);
    if (there === undefined) {
      places.set(id, [at]);
    } else {
      there.push(at);
    }
  };
  entries.forEach((entry, at) => {
    const id = isJsonObject(entry) ? entry[key] : undefined;
    if (id !== undefined) {
      add(id, at);
    }
  });
  places.forEach((there) => there.reverse());
  return {
    add: (id: JsonValue, at: number) => places.set(id, [at, ...(places.get(id) ?? [])]),
    first: (id: JsonValue) => places.get(id)?.at(-1),
    forget: (id: JsonValue) => void places.get(id)?.pop(),
  };
}

function isDirective(entry: JsonValue, directive: string): entry is JsonObject {
  return isJsonObject(entry) && entry[DIRECTIVE] === directive;
}

function applyListDirective(
  merged: Map<string, JsonValue>,
  directive: string,
  entries: readonly JsonValue[],
  place: Place,
): void {
  if (directive.startsWith(DELETE_VALUES)) {
    const field = directive.slice(DELETE_VALUES.length);
    const gone = new Set(entries.map(sortedJson));
    merged.set(
      field,
      asArray(merged.get(field)).filter((entry) => !gone.has(sortedJson(entry))),
    );
    return;
  }
  if (!directive.startsWith(ORDER)) {
    throw new PatchFailed(`there is no directive ${directive}`);
  }
  const field = directive.slice(ORDER.length);
  const strategy = listStrategy(place.keys, below(place, field).path);
  const key = typeof strategy === 'object' ? strategy.by : undefined;
  const idOf = (entry: JsonValue) => asText(key !== undefined && isJsonObject(entry) ? entry[key] : entry);
  const ranks = new Map(entries.map((entry, at): [string, number] => [idOf(entry), at]).toReversed());
  const rank = (entry: JsonValue) => ranks.get(idOf(entry)) ?? entries.length;
  merged.set(
    field,
    asArray(merged.get(field)).toSorted((a, b) => rank(a) - rank(b)),
  );
}
