/** A way to write characters as codes. */
export type EscapeKind = 'percent' | 'backslash' | 'entity';

/** A text in which the escapes of one kind are replaced by what they stand for, and where its bytes and its end were. */
export type Unescaped = { readonly bytes: Uint8Array; readonly places: Int32Array };

/** The code of a character, and where its escape ends; `isByte` for a byte that is a part of a character. */
type Code = { readonly code: number; readonly end: number; readonly isByte?: true };
type ReadEscape = (text: Uint8Array, start: number) => Code | undefined;

const [PERCENT, BACKSLASH, AMPERSAND, HASH, SEMICOLON] = [0x25, 0x5c, 0x26, 0x23, 0x3b] as const;
const [LOWER_U, UPPER_U, LOWER_X, UPPER_X] = [0x75, 0x55, 0x78, 0x58] as const;
const LAST_CODE = 0x10_ff_ff;
/** Digits of a numeric entity, of which any number may be zeros. */
const ENTITY_DIGITS = 10;

const BEGINNINGS: Readonly<Record<EscapeKind, number>> = {
  percent: PERCENT,
  backslash: BACKSLASH,
  entity: AMPERSAND,
};
const READERS: Readonly<Record<EscapeKind, ReadEscape>> = {
  percent: readPercent,
  backslash: readBackslash,
  entity: readEntity,
};
/** As JSON, YAML and Go have them; any other character after a backslash stands for itself. */
const CONTROLS = new Map(Object.entries({ n: 10, t: 9, r: 13, b: 8, f: 12, a: 7, v: 11, e: 27, 0: 0 }).map(byLetter));
/** By the first letter. */
const ENTITIES = new Map<number, readonly { readonly name: Uint8Array; readonly code: number }[]>([
  namesOf({ amp: '&', apos: "'" }),
  namesOf({ lt: '<' }),
  namesOf({ gt: '>' }),
  namesOf({ quot: '"' }),
  namesOf({ nbsp: '\u00a0' }),
]);

/**
 * The text without its escapes of a kind, whichever characters are escaped and whatever the case of the digits;
 * undefined if it has none, or of backslashes only those before single characters, which a search for the usual forms
 * finds. The result is never longer than the text; takes linear time.
 */
export function unescape(text: Uint8Array, kind: EscapeKind): Unescaped | undefined {
  const [beginning, read] = [BEGINNINGS[kind], READERS[kind]];
  if (!mayContain(text, kind)) {
    return undefined;
  }
  const bytes = new Uint8Array(text.length);
  const places = new Int32Array(text.length + 1);
  let length = 0;
  let isSame = true;
  for (let at = 0; at < text.length;) {
    const found = text[at] === beginning ? read(text, at) : undefined;
    if (found === undefined) {
      places[length] = at;
      bytes[length++] = text[at++] as number;
      continue;
    }
    isSame = false;
    const end = found.isByte ? writeByte(bytes, length, found.code) : writeCharacter(bytes, length, found.code);
    places.fill(at, length, end);
    length = end;
    at = found.end;
  }
  places[length] = text.length;
  return isSame ? undefined : { bytes: bytes.subarray(0, length), places };
}

/** Most texts do not, and are not copied. */
function mayContain(text: Uint8Array, kind: EscapeKind): boolean {
  const beginning = BEGINNINGS[kind];
  const first = text.indexOf(beginning);
  for (let at = first; at >= 0 && at < text.length; at++) {
    if (text[at] === beginning && isFollowedByCode(text, at, kind)) {
      return true;
    }
  }
  return false;
}

function isFollowedByCode(text: Uint8Array, at: number, kind: EscapeKind): boolean {
  const next = text[at + 1] ?? 0;
  switch (kind) {
    case 'percent':
      return digit(next) >= 0;
    case 'backslash':
      return next === LOWER_U || next === UPPER_U || next === LOWER_X;
    case 'entity':
      return next === HASH || ENTITIES.has(next);
    default:
      return kind satisfies never;
  }
}

function namesOf(entities: Record<string, string>): [number, { name: Uint8Array; code: number }[]] {
  const all = Object.entries(entities).map(([name, character]) => ({
    name: Buffer.from(`${name};`),
    code: character.charCodeAt(0),
  }));
  return [all[0]?.name[0] ?? 0, all];
}

function byLetter([letter, code]: [string, number]): [number, number] {
  return [letter.charCodeAt(0), code];
}

/** `%2f` */
function readPercent(text: Uint8Array, start: number): Code | undefined {
  const code = hexadecimal(text, start + 1, start + 3);
  return code < 0 ? undefined : { code, end: start + 3, isByte: true };
}

/** `\u002f`, in pairs where one is not enough, `\U0000002f`, `\x2f`, `\n`, `\"`. */
function readBackslash(text: Uint8Array, start: number): Code | undefined {
  const letter = text[start + 1];
  switch (letter) {
    case undefined:
      return undefined;
    case LOWER_U: {
      const code = hexadecimal(text, start + 2, start + 6);
      const isHigh = code >= 0xd8_00 && code < 0xdc_00 && text[start + 6] === BACKSLASH && text[start + 7] === LOWER_U;
      const low = isHigh ? hexadecimal(text, start + 8, start + 12) : -1;
      return low >= 0xdc_00 && low < 0xe0_00
        ? { code: 0x1_00_00 + ((code - 0xd8_00) << 10) + low - 0xdc_00, end: start + 12 }
        : whole(code, start + 6);
    }
    case UPPER_U:
      return whole(hexadecimal(text, start + 2, start + 10), start + 10);
    case LOWER_X:
      return whole(hexadecimal(text, start + 2, start + 4), start + 4);
    default:
      return { code: CONTROLS.get(letter) ?? letter, end: start + 2, isByte: true };
  }
}

/** `&#47;`, `&#x2f;`, `&amp;` */
function readEntity(text: Uint8Array, start: number): Code | undefined {
  if (text[start + 1] !== HASH) {
    const found = ENTITIES.get(text[start + 1] ?? 0)?.find(({ name }) =>
      name.every((byte, i) => text[start + 1 + i] === byte),
    );
    return found && { code: found.code, end: start + 1 + found.name.length };
  }
  const isHexadecimal = text[start + 2] === LOWER_X || text[start + 2] === UPPER_X;
  const from = start + (isHexadecimal ? 3 : 2);
  let end = from;
  while (end < from + ENTITY_DIGITS && digit(text[end]) >= 0) end += 1;
  if (end === from || text[end] !== SEMICOLON) {
    return undefined;
  }
  return whole(isHexadecimal ? hexadecimal(text, from, end) : decimal(text, from, end), end + 1);
}

function whole(code: number, end: number): Code | undefined {
  return code < 0 || code > LAST_CODE ? undefined : { code, end };
}

/** The number that the digits of a range are; -1 if others are among them. */
function hexadecimal(text: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const value = digit(text[at]);
    if (value < 0) {
      return -1;
    }
    number = number * 16 + value;
  }
  return number;
}

function decimal(text: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const value = digit(text[at]);
    if (value > 9) {
      return -1;
    }
    number = number * 10 + value;
  }
  return number;
}

/** The value of a hexadecimal digit; -1 if it is none. */
function digit(byte: number | undefined): number {
  if (byte === undefined) {
    return -1;
  }
  if (byte >= 0x30 && byte <= 0x39) {
    return byte - 0x30;
  }
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function writeByte(bytes: Uint8Array, at: number, code: number): number {
  bytes[at] = code;
  return at + 1;
}

/** In UTF-8, which is shorter than every escape. */
function writeCharacter(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  const count = code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  bytes[at] = ((0xf_00 >> count) & 0xff) | (code >> (6 * (count - 1)));
  for (let i = 1; i < count; i++) bytes[at + i] = 0x80 | ((code >> (6 * (count - 1 - i))) & 0x3f);
  return at + count;
}
