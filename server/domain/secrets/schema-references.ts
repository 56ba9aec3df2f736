import { unescapePointer } from '../../../contract/json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';

/** Names by which schemas of a document can be referenced; several may have the same. */
type Names = {
  anchors: Map<string, JsonObject[]>;
  ids: Map<string, JsonObject[]>;
  /** The first of those with an id: pointers within one start there. */
  embedded: JsonObject[];
};

const ANCHORS = ['$anchor', '$dynamicAnchor'] as const;
const IDS = ['$id', 'id'] as const;
/** Maximum schemas considered for one ambiguous name; a chart may have thousands, and as many references. */
const MAX_MEANT = 16;

/** A document of a chart is read many times for one answer. */
const known = new WeakMap<JsonObject, Names>();

/**
 * The schemas of a document that a reference may mean: by JSON pointer, by anchor, or by the id of an embedded schema,
 * which is compared by its last segment. More than one if it is ambiguous. Other documents are not read.
 */
export function resolveReference(root: JsonObject, reference: string): JsonObject[] {
  const [place = '', fragment = ''] = split(reference, '#');
  if (place === '' && (fragment === '' || fragment.startsWith('/'))) {
    const found = byPointer(root, fragment);
    if (found !== undefined) {
      return [found];
    }
  }
  const { anchors, ids, embedded } = namesOf(root);
  const bases = place === '' ? [root, ...embedded] : (ids.get(lastSegment(place)) ?? []);
  if (fragment !== '' && !fragment.startsWith('/')) {
    return place === '' || bases.length > 0 ? (anchors.get(decoded(fragment)) ?? []) : [];
  }
  return bases.map((base) => byPointer(base, fragment)).filter((found) => found !== undefined);
}

function namesOf(root: JsonObject): Names {
  let names = known.get(root);
  if (names === undefined) {
    names = { anchors: new Map(), ids: new Map(), embedded: [] };
    collect(root, names);
    names.embedded = [...new Set([...names.ids.values()].flat())].slice(0, MAX_MEANT);
    known.set(root, names);
  }
  return names;
}

function collect(value: JsonValue, { anchors, ids }: Pick<Names, 'anchors' | 'ids'>): void {
  const left: JsonValue[] = [value];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (Array.isArray(one)) {
      left.push(...one);
    } else if (isJsonObject(one)) {
      for (const keyword of ANCHORS) {
        add(anchors, one[keyword], one);
      }
      for (const keyword of IDS) {
        const id = one[keyword];
        if (typeof id === 'string') {
          const [place = '', fragment = ''] = split(id, '#');
          add(ids, place === '' ? undefined : lastSegment(place), one);
          add(anchors, fragment === '' ? undefined : fragment, one);
        }
      }
      left.push(...Object.values(one));
    }
  }
}

function add(into: Map<string, JsonObject[]>, name: JsonValue | undefined, schema: JsonObject): void {
  if (typeof name === 'string') {
    const others = into.get(name);
    if (others === undefined) {
      into.set(name, [schema]);
    } else if (others.length < MAX_MEANT) {
      others.push(schema);
    }
  }
}

/** The schema at a JSON pointer; undefined if there is none. */
function byPointer(root: JsonObject, pointer: string): JsonObject | undefined {
  let at: JsonValue | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = unescapePointer(decoded(part));
    at = Array.isArray(at) ? at[Number(key)] : isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
}

function split(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function lastSegment(place: string): string {
  return place.replace(/\/+$/, '').replace(/^.*[/:]/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
