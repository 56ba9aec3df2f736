import { changeItems } from '../json/change-entries.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { MASK } from '../secrets/secret-values.ts';
import { type Automaton, createAutomaton, type Needle } from './automaton.ts';
import { formsOf, wholeFormsOf } from './secret-forms.ts';

/**
 * A text that is not to be shown. `wholly`: only where it is the whole of a text, because it could not be told from
 * ordinary words inside of one.
 */
export type SecretText = { text: string; wholly?: true };

/** Takes the secrets of a release out of what is shown of it. What they are cannot be read out of it. */
export type Masker = {
  /** Whether there is nothing to be taken out. */
  readonly isEmpty: boolean;
  /** Whether a secret may be broken up by the folding of lines. */
  readonly mayFold: boolean;
  /** The same text where it holds no secret, with `***` in the place of each otherwise. */
  text(text: string): string;
  /**
   * The same of every text in it, names of fields among them unless `keepsNames`; numbers that are secret are `***`, too.
   */
  json(value: JsonValue, keepsNames?: boolean): JsonValue;
  /** A masker of what is secret here, or in one of the others. */
  and(...others: Masker[]): Masker;
};

/** Shorter ones are masked only where they are all there is. */
export const MIN_LENGTH = 4;
/** Longer forms are found by their beginning, and compared from there on. */
const MAX_NEEDLE_LENGTH = 256;
const BEGINNING = 64;
/** Lines of a secret that has several are looked for one by one from this length on: templates indent them. */
const MIN_LINE_LENGTH = 16;
/** More than these, or bytes of needles, are not looked for: every text is taken to hold one. */
export const MAX_SECRETS = 2_000;
const MAX_BYTES = 1024 * 1024;
/** Of a longer secret the first characters are looked for; where they are found the rest of the text is hidden, too. */
const HEAD = 4_096;
/** What coding in pieces makes of the end of a head is not what it makes of the middle of a secret. */
const HEAD_END = 16;
/**
 * Characters that secrets are written down of in all forms, before every text is taken to hold one: that takes some ten
 * nanoseconds each, and for each secret, or line of one, as much as for `EACH` more.
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

/** What each masker was made of; a closure and no field, so that no text that is made of a masker can hold it. */
const madeOf = new WeakMap<Masker, ReadonlyMap<string, boolean>>();

/**
 * Makes the masker of all secrets at once: what it takes grows with the text and with the secrets, and not with both
 * together. With more secrets than can be looked for at once every text is taken to hold one.
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
 * What a masker was made of, to make the same one in a thread; null where every text is taken to hold a secret. It is not
 * to be written anywhere.
 */
export function secretsIn(masker: Masker): SecretText[] | null {
  return masker === BLIND
    ? null
    : [...(madeOf.get(masker) ?? [])].map(([text, wholly]) => ({ text, ...(wholly && { wholly: true as const }) }));
}

/** The masker of what `secretsIn` answered. */
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

/** Every text may hold a secret: there are too many to be looked for, or it is not known what they are. */
export const BLIND: Masker = {
  isEmpty: false,
  mayFold: true,
  text: hide,
  json: (value, keepsNames) => mapJson(value, { text: hide, isSecret: () => true, keepsNames: keepsNames === true }),
  and: () => BLIND,
};

/** What is looked for. */
type Forms = {
  /** What a text may be as a whole. */
  readonly whole: ReadonlySet<string>;
  /** What may be inside of texts, and whether it is but the head of a secret. */
  readonly inner: ReadonlyMap<string, boolean>;
  /** Length of the shortest of these. */
  readonly shortest: number;
};

/** All forms of all secrets; null where they are too much to be looked for. */
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

/** A masker that writes down what it looks for when it is first asked: most releases are never shown. */
function maskerOf(known: ReadonlyMap<string, boolean>): Masker {
  let forms: Forms | null | undefined;
  /** Made anew when it was given up for want of memory: that takes no more than a few looks at a text. */
  let kept: WeakRef<Automaton> | undefined;

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
    const spans = automaton(all).cover(coded);
    return spans.length === 0 ? shown : without(coded, spans);
  }

  const masker: Masker = {
    isEmpty: false,
    mayFold: [...known.keys()].some((secret) => /\s/.test(secret)),
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

/** Names that are the same once they are masked are told apart by a number. The same object where nothing is secret. */
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
