import { escapePointer } from '../../../contract/json-pointer.ts';

/** The ways in which a text is usually written down where other texts are put around it. */

/** No encoding escapes these. */
const UNESCAPED = /^[A-Za-z0-9_-]+$/;
const PRINTABLE = /^[\u0020-\u007e]*$/;

/**
 * Every form of a secret that is searched for: unchanged; with the escapes of JSON, of Go's JSON, of quoted YAML, of
 * shells, of regular expressions, of JSON pointers, and of HTML and JavaScript as templates write them; percent-encoded
 * in a path and in a query, in both cases of the digits; in base64, at any offset in a longer text, in both alphabets,
 * escaped before encoding and percent-encoded afterwards as well. Each once, without empty ones.
 */
export function formsOf(secret: string): string[] {
  if (UNESCAPED.test(secret)) {
    return [...new Set([secret, ...base64Forms(secret)])];
  }
  const json = jsonEscaped(secret);
  const plain = [
    secret,
    json,
    goEscaped(json),
    // JSON inside JSON.
    jsonEscaped(json),
    jsonEscaped(goEscaped(json)),
    goEscaped(jsonEscaped(json)),
    yamlQuoted(secret),
    ...shellQuoted(secret),
    // Like Sprig's regexQuoteMeta.
    secret.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`),
    // As a key in a JSON pointer.
    escapePointer(secret),
    ...markupEscaped(secret),
    ...asciiEscaped(json),
    ...percentEncoded(secret),
    // In a query of which the percent codes are decoded.
    secret.replaceAll(' ', '+'),
    // JSON in a query.
    ...(json === secret ? [] : percentEncoded(json)),
  ];
  // JSON and YAML in base64, as in the data of a Secret or a login, and addresses.
  const coded = [...new Set([secret, json, goEscaped(json), yamlQuoted(secret), ...inAddresses(secret)])].flatMap(
    (text) => base64Forms(text),
  );
  return [...new Set([...plain, ...coded])].filter((form) => form !== '');
}

/** The forms of a string that is the secret and nothing else: no base64 of a part. */
export function wholeFormsOf(secret: string): string[] {
  const coded = Buffer.from(secret).toString('base64');
  const forms = [secret, jsonEscaped(secret), ...percentEncoded(secret), coded, coded.replace(/=+$/, '')];
  return [...new Set([...forms, ...forms.map(urlAlphabet)])].filter((form) => form !== '');
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Go also escapes characters with a meaning in HTML. */
function goEscaped(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

/** In single quotes. */
function yamlQuoted(text: string): string {
  return text.replaceAll("'", "''");
}

/** In single quotes, and in double quotes. */
function shellQuoted(text: string): string[] {
  return [text.replaceAll("'", String.raw`'\''`), text.replaceAll(/[\\"$`]/g, String.raw`\$&`)];
}

/** Like Go's template functions `html` and `js`, and with the names that XML has for quotes. */
function markupEscaped(text: string): string[] {
  const html: Record<string, string> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  const js: Record<string, string> = { '\\': '\\\\', '"': '\\"', "'": "\\'" };
  const xml: Record<string, string> = { ...html, '"': '&quot;', "'": '&apos;' };
  const code = (character: string) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [
    text.replaceAll(/["'&<>]/g, (character) => html[character] ?? character),
    text.replaceAll(/["'&<>]/g, (character) => xml[character] ?? character),
    text.replaceAll(/[\\"'&<>=\p{Cc}]/gu, (character) => js[character] ?? code(character)),
  ];
}

function asciiEscaped(json: string): string[] {
  if (PRINTABLE.test(json)) {
    return [];
  }
  const escaped = json.replaceAll(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [escaped, escaped.replaceAll(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)];
}

function percentEncoded(text: string): string[] {
  const path = encodeURIComponent(text.toWellFormed());
  // Characters that encodeURIComponent keeps, and Go's url.PathEscape and url.QueryEscape do not.
  const strict = path.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const lenient = strict
    .replaceAll('%24', '$')
    .replaceAll('%26', '&')
    .replaceAll('%2B', '+')
    .replaceAll('%3A', ':')
    .replaceAll('%3D', '=')
    .replaceAll('%40', '@');
  const forms = [path, strict, lenient, encodeURI(text.toWellFormed()), strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map(lowerDigits)];
}

/** As Go's url.QueryEscape and url.PathEscape write it. */
function inAddresses(text: string): string[] {
  const [, , path = '', , query = ''] = percentEncoded(text);
  return [query, path];
}

/** Only an encoding with letters among its digits differs in lower case. */
function lowerDigits(encoded: string): string {
  return /%(?:\d[A-F]|[A-F])/.test(encoded)
    ? encoded.replaceAll(/(?:%[\dA-F]{2})+/g, (codes) => codes.toLowerCase())
    : encoded;
}

/**
 * Three bytes become four characters, so the offset of the secret decides between three encodings. Of each, only the
 * characters that depend on the secret alone are searched for, and its end if nothing follows. Double encodings, by
 * templates that encode the data of a Secret themselves, are searched for as a whole only.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [...codedIn(bytes), ...codedIn(Buffer.from(bytes.toString('base64'))).slice(0, 2)];
}

function codedIn(bytes: Uint8Array): string[] {
  const padded = Buffer.alloc(bytes.length + 2);
  padded.set(bytes, 2);
  return [0, 1, 2].flatMap((before) => {
    const coded = padded.toString('base64', 2 - before);
    const start = before === 0 ? 0 : before + 1;
    const core = coded.slice(start, Math.floor(((before + bytes.length) * 8) / 6));
    const end = coded.slice(start);
    const forms = [core, end];
    return /[+/]/.test(end) ? [...forms, ...forms.map(urlAlphabet), ...forms.flatMap(inQuery)] : forms;
  });
}

/** Base64 that was percent-encoded, in both cases of the digits. */
function inQuery(coded: string): string[] {
  const encoded = encodeURIComponent(coded);
  return [encoded, encoded.replaceAll(/%../g, (code) => code.toLowerCase())];
}

function urlAlphabet(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}
