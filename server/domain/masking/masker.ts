import { changeItems } from '../json/change-entries.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { MASK } from '../secrets/secret-values.ts';
import { type Automaton, createAutomaton, type Needle } from './automaton.ts';
import { coverBroken } from './broken-lines.ts';
import { coverEscaped } from './escaped-text.ts';
import { formsOf, wholeFormsOf } from './secret-forms.ts';

/**
 * A text that must not be shown. `wholly`: only if it is the whole of a string, because it could not be distinguished
 * from ordinary words inside one.
 */
export type SecretText = { text: string; wholly?: true };

/** Masks the secrets of a release in everything shown of it. The secrets cannot be read from the masker. */
export type Masker = {
  /** Whether there is nothing to mask. */
  readonly isEmpty: boolean;
  /** Whether the folding of lines may split a secret. */
  readonly mayFold: boolean;
  /** The text with `***` in place of each secret; the same text if there is none. */
  text(text: string): string;
  /**
   * The same for every string in a value, including names of fields unless `keepsNames`; secret numbers become `***`,
   * too.
   */
  json(value: JsonValue, keepsNames?: boolean): JsonValue;
  /** A masker of the secrets of this one and of all others. */
  and(...others: Masker[]): Masker;
};

/** Shorter secrets are masked only if they are a whole string. */
export const MIN_LENGTH = 4;
/** Longer forms are found by their beginning, and compared from there on. */
const MAX_NEEDLE_LENGTH = 256;
const BEGINNING = 64;
/** Lines of a multi-line secret are searched for separately from this length on, because templates indent them. */
const MIN_LINE_LENGTH = 16;
/** With more secrets, or more bytes of needles, nothing is searched for: every text is assumed to contain one. */
export const MAX_SECRETS = 2_000;
const MAX_BYTES = 1024 * 1024;
/** Of a longer secret the first characters are searched for; if they are found, the rest of the text is hidden, too. */
const HEAD = 4_096;
/** Encoding the end of such a head gives other characters than encoding the middle of a secret. */
const HEAD_END = 16;
/**
 * Maximum characters of secrets that are encoded in all forms, before every text is assumed to contain one: that takes
 * some ten nanoseconds each, and for each secret, or line of one, as much as for `EACH` more.
 */
const MAX_WRITTEN = 512 * 1024;
const EACH = 192;

/** Nothing is secret. */
export const NO_SECRETS: Masker = {
  isEmpty: true,
  mayFold: false,
  text: (text) => text,
  json: (value) => value,
  and: (...others) => unite(others),
};

/** The secrets of each masker; kept in a closure and not a field, so that serialising a masker cannot reveal them. */
const madeOf = new WeakMap<Masker, ReadonlyMap<string, boolean>>();

/**
 * Creates the masker of all secrets at once: its cost grows with the text plus the secrets, not with their product.
 * With more secrets than can be searched for, every text is assumed to contain one.
 */
export function createMasker(secrets: Iterable<SecretText>): Masker {
  const known = new Map<string, boolean>();
  for (const { text, wholly = false } of secrets) {
    if (text !== '' && text !== MASK) {
      known.set(text, wholly && (known.get(text) ?? true));
    }
  }
  return makeMasker(known);
}

function makeMasker(known: ReadonlyMap<string, boolean>): Masker {
  if (known.size === 0) {
    return NO_SECRETS;
  }
  if (known.size > MAX_SECRETS) {
    return BLIND;
  }
  return maskerOf(known);
}

/**
 * The secrets of a masker, to create the same one in a thread; null if every text is assumed to contain one. Must not
 * be written anywhere.
 */
export function secretsIn(masker: Masker): SecretText[] | null {
  return masker === BLIND
    ? null
    : [...(madeOf.get(masker) ?? [])].map(([text, wholly]) => ({ text, ...(wholly && { wholly: true as const }) }));
}

/** Whether two maskers look for the same. */
export function sameSecrets(one: Masker, other: Masker): boolean {
  const [left, right] = [madeOf.get(one), madeOf.get(other)];
  if (one === other || left === undefined || right === undefined) {
    return one === other;
  }
  return left.size === right.size && [...left].every(([text, wholly]) => right.get(text) === wholly);
}

/** The masker of the secrets that `secretsIn` returned. */
export function maskerFrom(secrets: readonly SecretText[] | null): Masker {
  return secrets === null ? BLIND : createMasker(secrets);
}

function unite(maskers: readonly Masker[]): Masker {
  const [first = NO_SECRETS, ...others] = new Set(maskers.filter(({ isEmpty }) => !isEmpty));
  if (others.length === 0 || first === BLIND || others.includes(BLIND)) {
    return others.length === 0 ? first : BLIND;
  }
  const known = new Map<string, boolean>();
  for (const masker of [first, ...others]) {
    for (const [text, wholly] of madeOf.get(masker) ?? []) {
      known.set(text, wholly && (known.get(text) ?? true));
    }
  }
  return makeMasker(known);
}

/** Every text may contain a secret: there are too many to search for, or they are unknown. */
export const BLIND: Masker = {
  isEmpty: false,
  mayFold: true,
  text: hide,
  json: (value, keepsNames) => mapJson(value, { text: hide, isSecret: () => true, keepsNames: keepsNames === true }),
  and: () => BLIND,
};

/** What is searched for. */
type Forms = {
  /** Forms of a secret as a whole string. */
  readonly whole: ReadonlySet<string>;
  /** Forms inside strings, and whether the form is only the head of a secret. */
  readonly inner: ReadonlyMap<string, boolean>;
  /** Length of the shortest of these. */
  readonly shortest: number;
};

/** All forms of all secrets; null if they are too many to search for. */
function formsOfAll(known: ReadonlyMap<string, boolean>): Forms | null {
  const whole = new Set<string>();
  const inner = new Map<string, boolean>();
  let [bytes, written] = [0, 0];
  const lookFor = (text: string, isHead: boolean): void => {
    written += text.length + EACH;
    for (const form of written > MAX_WRITTEN || bytes >= MAX_BYTES ? [] : formsOf(text)) {
      if (form.length >= MIN_LENGTH && !inner.has(form)) {
        inner.set(form, isHead);
        bytes += Math.min(form.length, MAX_NEEDLE_LENGTH);
      }
    }
  };
  for (const [text, wholly] of known) {
    const isLong = text.length > HEAD;
    if (!wholly && text.length >= MIN_LENGTH) {
      lookFor(text.slice(0, HEAD), isLong);
      linesOf(text).forEach((line) => lookFor(line.slice(0, HEAD), line.length > HEAD));
    }
    (isLong ? [text] : wholeFormsOf(text)).forEach((form) => whole.add(form));
    if (written > MAX_WRITTEN || bytes >= MAX_BYTES) {
      return null;
    }
  }
  const shortest = [...inner.keys()].reduce((least, form) => Math.min(least, form.length), Infinity);
  return { whole, inner, shortest };
}

/** A masker that computes its forms on first use: most releases are never shown. */
function maskerOf(known: ReadonlyMap<string, boolean>): Masker {
  let forms: Forms | null | undefined;
  /** Rebuilt after it was garbage-collected: that takes no longer than a few searches. */
  let kept: WeakRef<Automaton> | undefined;
  const mayFold = [...known.keys()].some((secret) => /\s/.test(secret));

  function lookedFor(): Forms | null {
    forms = forms === undefined ? formsOfAll(known) : forms;
    return forms;
  }

  function automaton({ inner }: Forms): Automaton {
    let found = kept?.deref();
    if (found === undefined) {
      found = createAutomaton([...inner].map(needleOf));
      kept = new WeakRef(found);
    }
    return found;
  }

  function text(shown: string): string {
    const all = lookedFor();
    if (all === null || all.whole.has(shown)) {
      return hide(shown);
    }
    if (shown.length < all.shortest) {
      return shown;
    }
    const coded = Buffer.from(shown);
    const { cover } = automaton(all);
    const spans = coverEscaped(coded, mayFold ? (plain) => coverBroken(plain, cover) : cover);
    return spans.length === 0 ? shown : without(coded, spans);
  }

  const masker: Masker = {
    isEmpty: false,
    mayFold,
    text,
    json: (value, keepsNames) =>
      lookedFor() === null
        ? BLIND.json(value, keepsNames)
        : mapJson(value, { text, isSecret: (number) => known.has(String(number)), keepsNames: keepsNames === true }),
    and: (...others) => unite([masker, ...others]),
  };
  madeOf.set(masker, known);
  return masker;
}

function needleOf([form, isHead]: [string, boolean]): Needle {
  const bytes = Buffer.from(form);
  if (bytes.length <= MAX_NEEDLE_LENGTH) {
    return { bytes };
  }
  const whole = isHead ? bytes.subarray(0, bytes.length - HEAD_END) : bytes;
  return { bytes: bytes.subarray(0, BEGINNING), whole, ...(isHead && { goesOn: true as const }) };
}

function linesOf(text: string): string[] {
  const lines = text.includes('\n') ? text.split('\n').map((line) => line.trim()) : [];
  return lines.filter((line) => line.length >= MIN_LINE_LENGTH && !line.startsWith('-----'));
}

function without(coded: Buffer, spans: readonly number[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (let i = 0; i < spans.length; i += 2) {
    pieces.push(coded.toString('utf8', from, spans[i]));
    from = spans[i + 1] as number;
  }
  pieces.push(coded.toString('utf8', from));
  return pieces.join(MASK);
}

function hide(text: string): string {
  return text === '' ? '' : MASK;
}

type Mapping = { text: (text: string) => string; isSecret: (number: number) => boolean; keepsNames: boolean };

function mapJson(value: JsonValue, mapping: Mapping): JsonValue {
  switch (typeof value) {
    case 'string':
      return mapping.text(value);
    case 'number':
      return mapping.isSecret(value) ? MASK : value;
    default:
      return Array.isArray(value)
        ? changeItems(value, (entry) => mapJson(entry, mapping))
        : isJsonObject(value)
          ? mapObject(value, mapping)
          : value;
  }
}

/** Names that become equal when masked are distinguished by a number. Returns the same object if nothing is secret. */
function mapObject(object: JsonObject, mapping: Mapping): JsonObject {
  const taken = new Map<string, number>();
  let isSame = true;
  const entries = Object.keys(object).map((key): [string, JsonValue] => {
    const value = object[key] as JsonValue;
    const name = mapping.keepsNames ? key : mapping.text(key);
    const masked = mapJson(value, mapping);
    isSame &&= name === key && masked === value;
    const before = name === key ? 0 : (taken.get(name) ?? 0);
    taken.set(name, before + 1);
    return [before === 0 ? name : `${name} (${before + 1})`, masked];
  });
  return isSame ? object : Object.fromEntries(entries);
}
