import type { JsonObject, JsonValue } from '../../contract/schemas/json.ts';
import type { SeededRandom } from '../harness/seeded-random.ts';
import { ODD_TEXTS, ODD_VALUES } from './odd-values.ts';

/** A document with one mistake, and what that is. */
export interface Mistake<T> {
  what: string;
  made: T;
}

type Place = readonly (string | number)[];

/** Every place of a document: each field and entry, and the document itself. */
export function placesOf(value: JsonValue, at: Place = []): Place[] {
  const inner = Array.isArray(value)
    ? value.flatMap((entry, i) => placesOf(entry, [...at, i]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, entry]) => placesOf(entry, [...at, key]))
      : [];
  return [at, ...inner];
}

/** One mistake at one place of the document: another value, a missing, added, renamed or wrongly nested field. */
export function mistakeIn(document: JsonValue, random: SeededRandom): Mistake<JsonValue> {
  const place = random.pick(placesOf(document));
  const pointer = `/${place.join('/')}`;
  const make = (what: string, change: (value: JsonValue) => JsonValue): Mistake<JsonValue> => ({
    what: `${pointer} ${what}`,
    made: changeAt(document, place, change),
  });
  const odd = random.pick(ODD_VALUES);
  const text = random.pick(ODD_TEXTS);
  switch (random.between(0, 7)) {
    case 0:
      return { what: `${pointer} left out`, made: without(document, place) };
    case 1:
      return make('in a list', (value) => [value]);
    case 2:
      return make('in an object', (value) => ({ [text]: value }));
    case 3:
      return make(`with ${shown(text)} beside it`, (value) => withField(value, text, odd));
    case 4:
      return make('as text', (value) => JSON.stringify(value));
    default:
      return make(`is ${shown(odd)}`, () => odd);
  }
}

/** Texts that no JSON document can express, or that contain a key twice. */
export function oddTextOf(document: JsonValue, random: SeededRandom): Mistake<Buffer> {
  const text = JSON.stringify(document);
  const of = (what: string, made: string | Buffer): Mistake<Buffer> => ({ what, made: Buffer.from(made) });
  return random.pick([
    () => of('cut off', text.slice(0, random.between(0, text.length - 1))),
    () => of('with a mark of its order', `\ufeff${text}`),
    () => of('in UTF-16', Buffer.from(text, 'utf16le')),
    () => of('with a byte that is not UTF-8', flipped(Buffer.from(text), random)),
    () => of('twice', text + text),
    () => of('with a comment', `/* a */ ${text}`),
    () => of('with a comma too many', text.replace(/\}$/, ',}')),
    () => of('with a number that is none', text.replace('{', '{"configValues":{"a":NaN},')),
    () => of('with a number without end', text.replace('{', `{"configValues":{"a":${'9'.repeat(400)}e999},`)),
    () => of('with a field twice', text.replace('{', '{"name":"twice","configValues":{"a":1,"a":2},')),
    () => of('with half a letter', text.replace('{', String.raw`{"configValues":{"\ud800":"\udfff"},`)),
    () => of('with a prototype', text.replace('{', '{"__proto__":{"name":"x"},"configValues":{"__proto__":{"a":1}},')),
    () => of('very deep', `{"configValues":{"a":${'['.repeat(300)}${']'.repeat(300)}}}`),
    () => of('as form', 'name=a&chartName=b'),
  ])();
}

function flipped(bytes: Buffer, random: SeededRandom): Buffer {
  const changed = Buffer.from(bytes);
  changed[random.between(0, changed.length - 1)] = random.between(128, 255);
  return changed;
}

function withField(value: JsonValue, key: string, added: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return [...value, added];
  }
  return typeof value === 'object' && value !== null ? { ...value, [key]: added } : [value, added];
}

function changeAt(value: JsonValue, place: Place, change: (value: JsonValue) => JsonValue): JsonValue {
  const [key, ...rest] = place;
  if (key === undefined) {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.with(key as number, changeAt(value[key as number] ?? null, rest, change));
  }
  const inner = value as JsonObject;
  return { ...inner, [key]: changeAt(inner[key] ?? null, rest, change) };
}

function without(value: JsonValue, place: Place): JsonValue {
  const last = place.at(-1);
  if (last === undefined) {
    return null;
  }
  return changeAt(value, place.slice(0, -1), (holder) =>
    Array.isArray(holder)
      ? holder.toSpliced(last as number, 1)
      : Object.fromEntries(Object.entries(holder as JsonObject).filter(([key]) => key !== last)),
  );
}

/** A value shortened for display. */
export function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text;
}
